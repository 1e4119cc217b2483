using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using RealtimeHub.Client;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Client;
using RealtimeHub.Tests.Fixtures;
using HubMessage = RealtimeHub.Routing.PushMessage;

namespace RealtimeHub.Tests.EndToEnd;

/// <summary>
/// What a door lets in gets out: by every transport, to every client, live and by <c>Resume</c>. The table is in docs/protocol.md.
/// </summary>
public sealed class PayloadBoundsTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private const string Rule = "The payload may be nested 32 levels deep at the most.";
    private const string Surrogates = "half a surrogate pair";

    private static int _users;

    private readonly string _user = $"reader {Interlocked.Increment(ref _users)}";

    private Address User => Address.User(_user);

    /// <summary>Payloads at the edge of what is let in, by their names.</summary>
    private static Dictionary<string, string> Edges { get; } = new()
    {
        ["32 arrays"] = Arrays(32),
        ["32 objects"] = Objects(32),
        ["64 KB"] = $"\"{new string('x', PayloadRule.MostBytes - 2)}\"",
        ["64 KB of escapes"] = $"\"{string.Concat(Enumerable.Repeat("\\u0001", (PayloadRule.MostBytes - 2) / 6))}\"",
        ["64 KB of empty arrays"] = $"[{string.Join(',', Enumerable.Repeat("[]", 21_845))}]",
        ["64 KB of line ends"] = $"[{new string('\n', PayloadRule.MostBytes - 2)}]",
        ["line feeds"] = "{\n\n \"a\":\n1\n}",
        ["carriage returns"] = "{\r\r\"a\":\r1\r}",
        ["both"] = "{\r\n\"a\":\r\n[1,\r\n2]\n\r}",
        ["what looks like an event"] = "[\n1,\n\n2\n]",
        ["other line ends in a string"] = "\"a\u0085b\u2028c\u2029d\u007f\"",
        ["a record separator, escaped"] = "\"a\\u001eb\\r\\nc\"",
        ["brackets in a string"] = $"\"{new string('[', 100)}\"",
        ["a surrogate pair"] = "{\"\\ud83d\\ude00\":\"\\uD83D\\uDE00😀\\\\ud83d\"}",
        ["a number with many digits"] = "-12345678901234567890.12345678901234567890e+300",
    };

    public static TheoryData<string, HttpTransportType> EdgesByTransport
    {
        get
        {
            var all = new TheoryData<string, HttpTransportType>();
            foreach (var edge in Edges.Keys)
            {
                HttpTransportType[] transports =
            [HttpTransportType.WebSockets, HttpTransportType.ServerSentEvents, HttpTransportType.LongPolling];
                foreach (var transport in transports)
                {
                    all.Add(edge, transport);
                }
            }

            return all;
        }
    }

    public static TheoryData<string> EdgeNames => [.. Edges.Keys];

    public static TheoryData<string, string> Refused => new()
    {
        { Arrays(33), Rule },
        { Objects(33), Rule },
        { $"[1,{Arrays(32)}]", Rule },
        { Arrays(60), Rule },
        { Arrays(64), Rule },
        { Arrays(65), Rule },
        { Arrays(5_000), Rule },
        { "\"\\ud83d\"", Surrogates },
        { "{\"a\":[\"x\\ude00\\ud83d\"]}", Surrogates },
        { "{\"\\uD800\":1}", Surrogates },
    };

    [Theory]
    [MemberData(nameof(EdgesByTransport))]
    public async Task A_stock_client_gets_each_payload_at_the_edge_live_and_by_resuming(string edge, HttpTransportType transport)
    {
        await using var client = nodes.First.ClientFor(_user, transport);
        var received = await Received.ByAsync(client);

        await PublishAsync(Edges[edge]);

        var live = await received.NextAsync();
        var answer = await client.InvokeAsync<JsonElement>("Resume", new { cursors = new Dictionary<string, string> { [User.ToString()] = "" } });
        var resumed = answer.GetProperty("addresses").GetProperty(User.ToString()).GetProperty("messages").EnumerateArray().Single();
        IsThePayload(live.GetProperty("payload"), edge);
        IsThePayload(resumed.GetProperty("payload"), edge);
    }

    [Theory]
    [MemberData(nameof(EdgeNames))]
    public async Task So_does_our_client(string edge)
    {
        await PublishAsync(Edges[edge]);
        var handled = new Recording<JsonElement>();
        await using var connection = new PushClient(new PushClientOptions
        {
            Url = new Uri(nodes.First.Address, "hub"),
            Token = async _ => await nodes.First.MintAsync(_user),
            From = ResumeFrom.Retained,
        });
        connection.On("*", message => Add(message.Payload));
        await connection.StartAsync();

        await PublishAsync(Edges[edge]);

        foreach (var payload in await handled.NextAsync(2))
        {
            IsThePayload(payload, edge);
        }

        Task Add(JsonElement payload)
        {
            handled.Add(payload);
            return Task.CompletedTask;
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_not_every_client_can_read_is_refused_over_HTTP(string payload, string why)
    {
        var answer = await SendAsync($"/api/users/{Uri.EscapeDataString(_user)}/messages", $$"""{"type":"t","payload":{{payload}}}""");

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("code").GetString().Should().Be("body_invalid");
        problem.GetProperty("detail").GetString().Should().Contain(why);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task It_is_refused_in_a_batch_and_holds_up_no_other(string payload, string why)
    {
        var fine = $$"""{"address":"{{User}}","type":"fine"}""";

        var answer = await SendAsync("/api/messages", $$"""{"messages":[{{fine}},{"address":"{{User}}","type":"t","payload":{{payload}}},{{fine}}]}""");

        var results = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("results").EnumerateArray().ToList();
        results.Select(result => result.TryGetProperty("id", out _)).Should().Equal(true, false, true);
        results[1].GetProperty("code").GetString().Should().Be("message_invalid");
        results[1].GetProperty("detail").GetString().Should().Contain(why);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task It_is_refused_in_process(string payload, string why)
    {
        var element = JsonElement.Parse(payload, new JsonDocumentOptions { MaxDepth = 10_000 });

        (await nodes.First.Publisher.Awaiting(publisher => publisher.PublishAsync(User, "t", element)).Should()
            .ThrowAsync<ArgumentException>()).WithMessage($"*{why}*");
        FluentActions.Invoking(() => HubMessage.Create(User, "t", element)).Should().Throw<ArgumentException>().WithMessage($"*{why}*");
        var made = new HubMessage("0-1", User, "t", element, DateTimeOffset.UnixEpoch);
        (await nodes.First.Hub.Clients.User(_user).Awaiting(user => user.Receive(made)).Should()
            .ThrowAsync<ArgumentException>()).WithMessage($"*{why}*");
    }

    [Theory]
    [InlineData(33)]
    [InlineData(80)]
    public async Task So_is_an_object_that_serializes_deeper_than_that(int levels)
    {
        object nested = 1;
        for (var level = 0; level < levels; level++)
        {
            nested = new[] { nested };
        }

        (await nodes.First.Publisher.Awaiting(publisher => publisher.PublishAsync(User, "t", nested)).Should()
            .ThrowAsync<ArgumentException>()).WithMessage($"*{Rule}*");
    }

    [Theory]
    [InlineData(33)]
    [InlineData(100)]
    public async Task It_is_refused_on_the_command_line(int levels)
    {
        var run = await CommandRun.WithInputAsync(
            "", ["publish", "--user", _user, "--type", "t", "--payload", Arrays(levels), "--Redis:Connection", CommandRun.Patiently(nodes.Redis)]);

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain(Rule);
    }

    [Fact]
    public async Task What_IHubContext_pushes_gets_out_at_the_edge_as_well()
    {
        await using var client = nodes.First.ClientFor(_user, HttpTransportType.ServerSentEvents);
        var received = await Received.ByAsync(client);

        foreach (var edge in Edges.Keys)
        {
            await nodes.Second.Hub.Clients.User(_user).Receive(HubMessage.Create(User, "t", JsonElement.Parse(Edges[edge])));

            IsThePayload((await received.NextAsync()).GetProperty("payload"), edge);
        }
    }

    private static string Arrays(int levels) => new string('[', levels) + new string(']', levels);

    private static string Objects(int levels) => string.Concat(Enumerable.Repeat("{\"a\":", levels - 1)) + "{}" + new string('}', levels - 1);

    /// <summary>The same JSON: what stands between tokens means nothing.</summary>
    private static void IsThePayload(JsonElement payload, string edge) =>
        JsonElement.DeepEquals(payload, JsonElement.Parse(Edges[edge])).Should().BeTrue($"{edge} is to arrive as it was");

    private async Task PublishAsync(string payload)
    {
        var answer = await SendAsync("/api/messages", $$"""{"messages":[{"address":"{{User}}","type":"t","payload":{{payload}}}]}""");
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("failed").GetInt32().Should().Be(0);
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Headers = { { "X-Api-Key", Node.ApiKey } },
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        return await nodes.Second.Client.SendAsync(request);
    }
}
