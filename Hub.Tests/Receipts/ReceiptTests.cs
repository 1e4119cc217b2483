using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Client;
using RealtimeHub.Publishing;
using RealtimeHub.Receipts;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Receipts;
using RealtimeHub.Tests.Client;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Receipts;

/// <summary>What a backend is told of a message: whether it is there, and who has handled it.</summary>
public sealed class ReceiptTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private static int _users;

    private readonly string _user = $"receiver {Interlocked.Increment(ref _users)}";
    private readonly Recording<string> _handled = new();

    [Fact]
    public async Task A_message_is_handled_by_each_device_whose_handler_has_returned()
    {
        await using var phone = ClientOn(nodes.First, "phone");
        await using var tab = ClientOn(nodes.Second, "tab");
        await Task.WhenAll(phone.StartAsync(), tab.StartAsync());

        var id = await PublishAsync("order.shipped");

        var message = await ShownAsync(id, message => StateOf(message, "phone") == "handled" && StateOf(message, "tab") == "handled");
        (message.GetProperty("address").GetString(), message.GetProperty("state").GetString(), message.GetProperty("type").GetString()).Should()
            .Be(($"user:{_user}", "stored", "order.shipped"));
        var device = DeviceIn(message, "phone")!.Value;
        device.GetProperty("client").GetString().Should().StartWith("realtimehub-dotnet/");
        device.GetProperty("at").GetDateTimeOffset().Should().BeOnOrAfter(message.GetProperty("time").GetDateTimeOffset());
        device.GetProperty("upTo").GetString().Should().Be(id);
        message.GetProperty("connections").EnumerateArray().Select(connection => connection.GetProperty("state").GetString()).Should()
            .Equal("sent", "sent");
    }

    [Fact]
    public async Task A_handler_that_throws_stops_its_device_and_no_other()
    {
        await using var phone = ClientOn(nodes.First, "phone", failsAt: "second");
        await using var tab = ClientOn(nodes.First, "tab");
        await Task.WhenAll(phone.StartAsync(), tab.StartAsync());

        var (first, second, third) = (await PublishAsync("first"), await PublishAsync("second"), await PublishAsync("third"));

        await ShownAsync(third, message => StateOf(message, "tab") == "handled");
        (await ShownAsync(second, message => StateOf(message, "phone") == "failed")).GetProperty("state").GetString().Should().Be("stored");
        StateOf(await ShowAsync(first), "phone").Should().Be("handled");
        StateOf(await ShowAsync(third), "phone").Should().Be("waiting", "behind what has failed nothing counts");
    }

    [Fact]
    public async Task It_is_listed_how_far_each_device_of_a_user_is()
    {
        await using var phone = ClientOn(nodes.First, "phone", failsAt: "second");
        await using var tab = ClientOn(nodes.Second, "tab");
        await Task.WhenAll(phone.StartAsync(), tab.StartAsync());
        var (first, second, third) = (await PublishAsync("first"), await PublishAsync("second"), await PublishAsync("third"));
        await ShownAsync(third, message => StateOf(message, "tab") == "handled");
        await ShownAsync(second, message => StateOf(message, "phone") == "failed");

        using var answer = await AskAsync($"users/{Uri.EscapeDataString(_user)}/devices");

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        var listed = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("devices").EnumerateArray().ToList();
        listed.Select(device => (Text(device, "device"), Text(device, "upTo"), device.GetProperty("behind").GetInt32(), Text(device, "failed")))
            .Should().BeEquivalentTo([("phone", first, 2, second), ("tab", third, 0, (string?)null)]);
        listed.Select(device => device.GetProperty("at").GetDateTimeOffset()).Should().BeInDescendingOrder();
        listed.Should().OnlyContain(device => Text(device, "client")!.StartsWith("realtimehub-dotnet/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_who_never_came_no_device_is_listed()
    {
        using var answer = await AskAsync($"users/{Uri.EscapeDataString(_user)}/devices");

        (await answer.Content.ReadAsStringAsync()).Should().Be($$"""{"user":"{{_user}}","devices":[]}""");
    }

    [Fact]
    public async Task A_client_that_goes_on_behind_what_has_failed_is_believed_for_what_it_has_handled_itself()
    {
        string second;
        await using (var phone = ClientOn(nodes.First, "phone", failsAt: "second"))
        {
            await phone.StartAsync();
            await PublishAsync("first");
            second = await PublishAsync("second");
            await ShownAsync(second, message => StateOf(message, "phone") == "failed");
        }

        await using var again = ClientOn(nodes.Second, "phone");
        await again.StartAsync();
        var third = await PublishAsync("third");

        await ShownAsync(third, message => StateOf(message, "phone") == "handled");
        StateOf(await ShowAsync(second), "phone").Should().Be("passed");
    }

    [Fact]
    public async Task Who_is_not_there_has_handled_nothing_and_has_when_he_is_back()
    {
        var id = await PublishAsync("meanwhile");
        (await ShowAsync(id)).GetProperty("devices").GetArrayLength().Should().Be(0);

        await using var phone = ClientOn(nodes.First, "phone", ResumeFrom.Retained);
        await phone.StartAsync();

        await ShownAsync(id, message => StateOf(message, "phone") == "handled");
    }

    [Fact]
    public async Task A_call_that_waits_is_answered_when_a_device_on_another_node_has_handled_the_message()
    {
        await using var phone = ClientOn(nodes.First, "phone");
        await phone.StartAsync();

        var answer = await PostAsync("?wait=handled&timeoutSeconds=30", new { type = "order.shipped" }, nodes.Second);

        (answer.GetProperty("handled").GetBoolean(), answer.GetProperty("device").GetString()).Should().Be((true, "phone"));
        (await ShowAsync(answer.GetProperty("id").GetString()!)).GetProperty("devices").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task Of_two_calls_that_wait_for_the_same_message_one_goes_on_when_the_other_is_given_up()
    {
        _ = Cursor.TryParse(await PublishAsync("order.shipped"), out var id);
        var (waits, user) = (nodes.Second.Services.GetRequiredService<ReceiptWaits>(), Address.User(_user));
        using var givenUp = new CancellationTokenSource();
        var first = waits.WaitAsync(user, id, TimeSpan.FromMinutes(5), givenUp.Token);
        var second = waits.WaitAsync(user, id, TimeSpan.FromMinutes(5), CancellationToken.None);
        await givenUp.CancelAsync();
        await first.Invoking(waiting => waiting).Should().ThrowAsync<OperationCanceledException>();

        await using var phone = ClientOn(nodes.First, "phone", ResumeFrom.Retained);
        await phone.StartAsync();

        (await second.WaitAsync(TimeSpan.FromSeconds(30))).Should().Be("phone");
    }

    [Fact]
    public async Task What_lies_under_a_key_of_one_user_hinders_no_receipt_of_another_and_no_call_that_waits_for_it()
    {
        var (foreign, user) = (Address.User($"{_user} foreign"), Address.User(_user));
        await nodes.Redis.Database.StringSetAsync($"hub:{{{Uri.EscapeDataString(foreign.ToString())}}}:receipts", "not the hub's");
        _ = Cursor.TryParse(await PublishAsync("order.shipped"), out var id);
        var waits = nodes.First.Services.GetRequiredService<ReceiptWaits>();
        var waiting = waits.WaitAsync(user, id, TimeSpan.FromMinutes(5), CancellationToken.None);
        await Eventually.HoldsAsync(() => nodes.Redis.Database.KeyExistsAsync($"hub:{{{Uri.EscapeDataString(user.ToString())}}}:awaited"));
        var report = new HandledReport("phone", id, id with { Offset = id.Offset - 1 });

        nodes.First.Services.GetRequiredService<ReceiptBuffer>().Add([(user, report), (foreign, report)]);

        (await waiting.WaitAsync(TimeSpan.FromSeconds(30))).Should().Be("phone");
        StateOf(await ShowAsync($"{id}"), "phone").Should().Be("handled");
    }

    [Fact]
    public async Task A_call_that_waits_in_vain_says_how_far_the_message_came()
    {
        await using var stock = nodes.First.ClientFor(_user, skipNegotiation: true);
        await stock.StartAsync();

        var answer = await PostAsync("?wait=handled&timeoutSeconds=1", new { type = "order.shipped" }, nodes.Second);

        (answer.GetProperty("handled").GetBoolean(), answer.GetProperty("connections").GetInt32()).Should().Be((false, 1));
        answer.TryGetProperty("device", out _).Should().BeFalse();
    }

    [Fact]
    public async Task A_backend_that_has_events_is_told_once_of_a_message_whose_receipt_it_has_asked_for()
    {
        await using var consumer = await EventConsumer.StartAsync();
        await using var node = Node.On(nodes.Redis, [.. consumer.Settings]);
        await using var phone = ClientOn(node, "phone");
        await phone.StartAsync();

        await PublishAsync("without");
        var answer = await PostAsync("", new { type = "with", receipt = true }, nodes.Second);
        await PublishAsync("after");

        var told = (await consumer.TakenAsync("message.handled", 1)).Should().ContainSingle().Subject;
        told.GetProperty("subject").GetString().Should().Be(_user);
        told.GetProperty("data").GetRawText().Should().Be(
            $$"""{"message":"{{answer.GetProperty("id").GetString()}}","address":"user:{{_user}}","device":"phone"}""");
    }

    [Fact]
    public async Task Of_a_group_it_is_said_how_many_have_handled_a_message_and_who_they_are()
    {
        await using var alice = ClientOn(nodes.First, "phone", groups: ["receivers"]);
        await using var bob = ClientOn(nodes.Second, "phone", user: $"{_user} b", groups: ["receivers"]);
        await Task.WhenAll(alice.StartAsync(), bob.StartAsync());

        var id = await nodes.First.Publisher.PublishAsync(Address.Group("receivers"), "note", "hello");

        JsonElement members = default;
        await Eventually.HoldsAsync(async () =>
        {
            members = (await (await AskAsync($"groups/receivers/messages/{id}")).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("members");
            return members.GetProperty("handledCount").GetInt32() == 2;
        });
        members.GetRawText().Should().Be($$"""{"handledCount":2,"failedCount":0,"handledBy":["{{_user}}","{{_user}} b"]}""");
    }

    [Fact]
    public async Task What_is_not_there_is_refused_and_says_why()
    {
        var id = await PublishAsync("there");

        await (await AskAsync($"users/{Uri.EscapeDataString(_user)}/messages/1-2")).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "message_unknown");
        await (await AskAsync($"users/{Uri.EscapeDataString(_user)}/messages/9000000000000000-2")).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "message_unknown");
        await (await AskAsync($"users/{Uri.EscapeDataString(_user)}/messages/0-2")).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "message_unknown");
        await (await AskAsync($"users/nobody/messages/{id}")).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "message_unknown");
    }

    [Theory]
    [InlineData("users/alice/messages/7", "id_invalid")]
    [InlineData("users/alice/messages/-7", "id_invalid")]
    [InlineData("users/alice/messages/07-7", "id_invalid")]
    [InlineData("users/%07/messages/7-7", "name_invalid")]
    [InlineData("groups/%EB/messages/7-7", "name_invalid")]
    public async Task What_is_no_question_is_refused_with_a_reason(string path, string code) =>
        await (await AskAsync(path)).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, code);

    [Theory]
    [InlineData("?wait=handled&timeoutSeconds=0", """{"type":"t"}""", "query_invalid")]
    [InlineData("?wait=handled&timeoutSeconds=61", """{"type":"t"}""", "query_invalid")]
    [InlineData("?wait=read", """{"type":"t"}""", "query_invalid")]
    [InlineData("?timeoutSeconds=5", """{"type":"t"}""", "query_invalid")]
    [InlineData("?wait=handled&wait=handled", """{"type":"t"}""", "query_invalid")]
    [InlineData("?wait=handled", """{"type":"t","transient":true}""", "body_invalid")]
    [InlineData("", """{"type":"t","transient":true,"receipt":true}""", "body_invalid")]
    public async Task A_receipt_that_there_cannot_be_is_refused_and_nothing_is_published(string query, string body, string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/users/{Uri.EscapeDataString(_user)}/messages{query}")
        {
            Headers = { { "X-Api-Key", Node.ApiKey } },
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };

        await (await nodes.First.Client.SendAsync(request)).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Only_of_a_message_to_a_user_there_is_a_receipt_to_ask_for()
    {
        using var request = Node.Api("/api/groups/receivers/messages", new { type = "t", receipt = true });
        await (await nodes.First.Client.SendAsync(request)).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "body_invalid");

        var publishing = () => nodes.First.Publisher.PublishAsync(Address.Everyone, "t", 1, new PublishOptions { Receipt = true });
        await publishing.Should().ThrowAsync<ArgumentException>();
    }

    [Theory]
    [InlineData("groups/room1")]
    [InlineData("everyone")]
    public async Task Only_a_message_to_a_user_can_be_waited_for(string address) =>
        await (await nodes.First.Client.SendAsync(Node.Api($"/api/{address}/messages?wait=handled", new { type = "t" })))
            .ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "query_invalid");

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456")]
    public async Task A_client_that_names_no_device_is_told(string device)
    {
        await using var stock = nodes.First.ClientFor(_user, skipNegotiation: true);
        await stock.StartAsync();

        var addresses = new Dictionary<string, object> { [$"user:{_user}"] = new { after = "1-1", upTo = "2-2" } };
        var saying = () => stock.InvokeAsync("Handled", new { device, addresses });

        (await saying.Should().ThrowAsync<HubException>()).Which.Message.Should().Contain("receipt_invalid");
    }

    [Theory]
    [InlineData("1-1", "0-1")]
    [InlineData("x", "2-2")]
    [InlineData("1-1", null)]
    [InlineData("-1-1", "2-2")]
    public async Task A_client_that_says_what_cannot_be_is_told_and_goes_on(string after, string? upTo)
    {
        await using var stock = nodes.First.ClientFor(_user, skipNegotiation: true);
        await stock.StartAsync();

        var addresses = new Dictionary<string, object> { [$"user:{_user}"] = new { after, upTo } };
        var saying = () => stock.InvokeAsync("Handled", new { device = "d", addresses });

        (await saying.Should().ThrowAsync<HubException>()).Which.Message.Should().Contain("receipt_invalid");
        stock.State.Should().Be(HubConnectionState.Connected);
    }

    [Fact]
    public async Task What_a_client_says_of_others_addresses_is_kept_nowhere()
    {
        await using var stock = nodes.First.ClientFor(_user, skipNegotiation: true);
        await stock.StartAsync();
        var id = await nodes.First.Publisher.PublishAsync(Address.User($"{_user} other"), "secret", 1);
        var mine = await PublishAsync("mine");

        await stock.InvokeAsync("Handled", new
        {
            device = "d",
            addresses = new Dictionary<string, object>
            {
                [$"user:{_user} other"] = new { after = "1-1", upTo = id },
                ["everyone"] = new { after = "1-1", upTo = id },
                [$"user:{_user}"] = new { after = "1-1", upTo = mine },
            },
        });

        await ShownAsync(mine, message => StateOf(message, "d") == "handled");
        var others = await (await AskAsync($"users/{Uri.EscapeDataString($"{_user} other")}/messages/{id}")).Content.ReadFromJsonAsync<JsonElement>();
        others.GetProperty("devices").GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task Whoever_floods_the_hub_with_receipts_is_ended()
    {
        await using var stock = nodes.First.ClientFor(_user, skipNegotiation: true);
        var ended = new TaskCompletionSource<Exception?>();
        stock.Closed += reason =>
        {
            ended.TrySetResult(reason);
            return Task.CompletedTask;
        };
        await stock.StartAsync();

        for (var number = 0; number < 1_000 && !ended.Task.IsCompleted; number++)
        {
            await stock.SendAsync("Handled", new { device = "d" });
        }

        (await ended.Task.WaitAsync(TimeSpan.FromSeconds(30)))!.Message.Should().Contain("too_many_calls");
    }

    private PushClient ClientOn(
        Node node, string device, ResumeFrom from = ResumeFrom.Head, string? failsAt = null, string? user = null, string[]? groups = null)
    {
        var client = new PushClient(new PushClientOptions
        {
            Url = new Uri(node.Address, "hub"),
            Token = async _ => new AccessToken(await node.MintAsync(user ?? _user, groups ?? [])),
            Device = device,
            From = from,
            LoggerFactory = NullLoggerFactory.Instance,
        });
        client.On("*", message =>
        {
            _handled.Add(message.Type);
            return message.Type == failsAt ? throw new InvalidOperationException("This handler fails.") : Task.CompletedTask;
        });
        client.OnError(_ => Task.CompletedTask);
        return client;
    }

    private Task<string> PublishAsync(string type) => nodes.First.Publisher.PublishAsync(Address.User(_user), type, new { });

    private async Task<JsonElement> PostAsync(string query, object body, Node node)
    {
        using var answer = await node.Client.SendAsync(Node.Api($"/api/users/{Uri.EscapeDataString(_user)}/messages{query}", body));
        answer.StatusCode.Should().Be(HttpStatusCode.Accepted);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Waits until it is shown so.</summary>
    private async Task<JsonElement> ShownAsync(string id, Func<JsonElement, bool> isSo)
    {
        JsonElement shown = default;
        await Eventually.HoldsAsync(async () => isSo(shown = await ShowAsync(id)));
        return shown;
    }

    private async Task<JsonElement> ShowAsync(string id)
    {
        using var answer = await AskAsync($"users/{Uri.EscapeDataString(_user)}/messages/{id}");
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private Task<HttpResponseMessage> AskAsync(string path) => nodes.Second.Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Get, "/api/" + path) { Headers = { { "X-Api-Key", Node.ApiKey } } });

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var text) ? text.GetString() : null;

    private static string? StateOf(JsonElement message, string device) => DeviceIn(message, device)?.GetProperty("state").GetString();

    private static JsonElement? DeviceIn(JsonElement message, string device)
    {
        foreach (var each in message.GetProperty("devices").EnumerateArray().Where(each => each.GetProperty("device").GetString() == device))
        {
            return each;
        }

        return null;
    }
}
