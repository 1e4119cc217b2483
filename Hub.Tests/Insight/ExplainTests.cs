using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using RealtimeHub.Client;
using RealtimeHub.Delivery;
using RealtimeHub.Publishing;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;
using AccessToken = RealtimeHub.Client.AccessToken;

namespace RealtimeHub.Tests.Insight;

/// <summary>Why Alice has got a message, or has not: each case is made for real.</summary>
public sealed class ExplainTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private static int _users;

    private readonly string _user = $"alice {Interlocked.Increment(ref _users)}";

    private Address User => Address.User(_user);

    [Fact]
    public async Task It_was_sent_and_handled()
    {
        await using var phone = ClientOn(nodes.First, "phone");
        await phone.StartAsync();
        var id = await PublishAsync(User);

        var told = await ToldAsync(id, "Device phone has handled it by");

        told.Should().MatchRegex($"^Published [0-9: .-]+ to {User}, and stands in its log: whoever comes back gets it\\.")
            .And.MatchRegex("Node [0-9a-f]+ has handed it to its connections [0-9: .-]+, [0-9]+ ms later\\.")
            .And.MatchRegex("Connection \\S+ \\(realtimehub-dotnet/\\S+, since [0-9: .-]+\\) at node [0-9a-f]+: it was sent\\.");
    }

    [Fact]
    public async Task Of_two_devices_one_has_handled_it_and_the_other_has_a_handler_that_fails()
    {
        await using var phone = ClientOn(nodes.First, "phone");
        await using var tab = ClientOn(nodes.Second, "tab", fails: true);
        await Task.WhenAll(phone.StartAsync(), tab.StartAsync());
        var id = await PublishAsync(User);
        var next = await PublishAsync(User);

        (await ToldAsync(id, "Device tab has got it, and its handler has failed.")).Should().Contain("Device phone has handled it by");
        (await ToldAsync(next, "Device phone has handled it by")).Should()
            .Contain($"Device tab has not handled it: it stands before {id}, whose handler has failed.");
    }

    [Fact]
    public async Task A_stock_client_was_sent_it_and_says_nothing_of_handling()
    {
        await using var stock = nodes.First.ClientFor(_user, skipNegotiation: true);
        await stock.StartAsync();
        var id = await PublishAsync(User);

        (await ToldAsync(id, "it was sent.")).Should().Contain("No device has said that it has handled anything there. Only clients that keep cursors say so.");
    }

    [Fact]
    public async Task He_was_not_there_and_comes_later()
    {
        var id = await PublishAsync(User);
        (await ToldAsync(id)).Should().Contain($"{_user} has no connection, and had none that a node remembers.");

        await using var stock = nodes.First.ClientFor(_user, skipNegotiation: true);
        await stock.StartAsync();

        (await ToldAsync(id)).Should().Contain("it came after the message, and gets it by Resume if it keeps cursors and its own lies before.");
    }

    [Fact]
    public async Task He_had_gone_before()
    {
        await using (var stock = nodes.First.ClientFor(_user, skipNegotiation: true))
        {
            await stock.StartAsync();
        }

        await GoneAsync();
        var id = await PublishAsync(User);

        (await ToldAsync(id)).Should().MatchRegex("it had ended [0-9: .-]+, by its client or its network, before the message came\\.");
    }

    [Fact]
    public async Task He_was_there_and_was_ended_since()
    {
        await using var stock = nodes.First.ClientFor(_user, skipNegotiation: true);
        await stock.StartAsync();
        var id = await PublishAsync(User);
        await AskAsync(HttpMethod.Put, $"users/{Uri.EscapeDataString(_user)}/ban", new { until = "2099-01-31T12:00:00Z" });
        await GoneAsync();

        (await ToldAsync(id)).Should().MatchRegex("it was there, and has ended [0-9: .-]+ as banned\\.");
        var later = await PublishAsync(User);
        (await ToldAsync(later)).Should().MatchRegex("it had ended [0-9: .-]+ as banned, before the message came\\.");
    }

    [Fact]
    public async Task His_token_had_expired()
    {
        var record = new TokenRecord { Subject = _user, ExpiresAt = TimeProvider.System.GetUtcNow().AddSeconds(2) };
        var token = await nodes.First.Tokens.MintAsync(record);
        await using var stock = nodes.First.ClientFor(() => Task.FromResult<string?>(token.Reveal()), skipNegotiation: true);
        await stock.StartAsync();
        await GoneAsync();
        var id = await PublishAsync(User);

        (await ToldAsync(id)).Should().MatchRegex("it had ended [0-9: .-]+ as token_expired, before the message came\\.");
    }

    [Fact]
    public async Task It_waits_for_who_does_not_read_and_he_is_ended_as_too_slow()
    {
        await using var node = Node.On(nodes.Redis, ("Limits:WaitingTime", "00:00:03"));
        await using var slow = new Node(("Redis:Connection", nodes.Redis.Connection), ("Limits:WaitingTime", "00:00:03"))
        {
            Additions = host => host.Configure<SocketTransportOptions>(SmallBuffers.Listen),
        };
        using var stalled = await SmallBuffers.OpenAsync(slow, await slow.MintAsync(_user));
        await Eventually.HoldsAsync(() => Task.FromResult(slow.Services.GetRequiredService<ConnectionRegistry>().Count == 1));
        var id = "";
        for (var number = 0; number < 10; number++)
        {
            id = await nodes.First.Publisher.PublishAsync(User, "t", new string('x', 60_000));
        }

        await ToldAsync(id, "it waits, because the client has not taken what came before.");
        (await ToldAsync(id, "as too_slow")).Should().Contain("What still waited for it then was not sent; it gets that when it comes back.");
    }

    [Fact]
    public async Task He_is_not_in_the_group()
    {
        await using var stock = nodes.First.ClientFor(_user, skipNegotiation: true);
        await stock.StartAsync();
        var room = Address.Group($"room of {_user}");
        var id = await PublishAsync(room);

        (await ToldAsync(id, address: room)).Should().Contain("it does not get what is published there.");
    }

    [Fact]
    public async Task He_is_in_the_group()
    {
        var room = Address.Group($"room of {_user}");
        await using var phone = ClientOn(nodes.First, "phone", groups: [room.Name]);
        await phone.StartAsync();
        var id = await PublishAsync(room);

        (await ToldAsync(id, "The user has handled it by", room)).Should().Contain("it was sent.");
    }

    [Fact]
    public async Task It_was_for_everyone()
    {
        await using var stock = nodes.First.ClientFor(_user, skipNegotiation: true);
        await stock.StartAsync();
        var id = await PublishAsync(Address.Everyone);

        await ToldAsync(id, "it was sent.", Address.Everyone);
    }

    [Fact]
    public async Task Its_time_to_live_is_over()
    {
        var id = await nodes.First.Publisher.PublishAsync(User, "t", 1, new PublishOptions { TimeToLive = TimeSpan.FromMilliseconds(1) });

        await ToldAsync(id, "Its time to live is over: whoever has not got it gets it no more.");
    }

    [Fact]
    public async Task It_has_a_time_to_live()
    {
        var id = await nodes.First.Publisher.PublishAsync(User, "t", 1, new PublishOptions { TimeToLive = TimeSpan.FromHours(1) });

        (await ToldAsync(id)).Should().MatchRegex("^Published [0-9: .-]+ to user:alice [0-9]+, and may be delivered until [0-9: .-]+\\.");
    }

    [Fact]
    public async Task It_has_made_room_for_newer_ones()
    {
        await using var node = new Node(("Routing:MaxMessages", "3"));
        var id = await node.Publisher.PublishAsync(User, "t", 1);
        for (var number = 0; number < 5; number++)
        {
            await node.Publisher.PublishAsync(User, "t", number);
        }

        (await ToldAsync(id, of: node)).Should().StartWith($"The log of {User} does not have {id} any more:");
    }

    [Fact]
    public async Task Redis_has_lost_it_in_a_failover()
    {
        await using var redis = await RedisPair.StartAsync();
        await using var node = new Node(("Redis:Connection", redis.Connection));
        await node.Publisher.PublishAsync(User, "before", 1);
        await redis.InStepAsync();
        var id = "";
        await redis.FailOverWithoutAsync(async () => id = await node.Publisher.PublishAsync(User, "lost", 2));
        await Eventually.HoldsAsync(async () => await TriedAsync(() => node.Publisher.PublishAsync(User, "after", 3)));

        (await ToldAsync(id, of: node)).Should().StartWith($"Redis has lost {id} of {User} in a failover:");
    }

    [Fact]
    public async Task Redis_has_lost_the_whole_log()
    {
        await using var redis = await RedisPair.StartAsync();
        await using var node = new Node(("Redis:Connection", redis.Connection));
        var id = await node.Publisher.PublishAsync(User, "lost", 1);
        await redis.FlushAsync();
        await node.Publisher.PublishAsync(User, "after", 2);

        (await ToldAsync(id, of: node)).Should().StartWith($"The log of {User} does not have {id} any more:")
            .And.Contain("or Redis has lost the whole log.");
    }

    [Fact]
    public async Task It_was_never_published()
    {
        var id = await PublishAsync(User);

        foreach (var other in (string[])[$"9{id}", id[..^1] + (id[^1] == '7' ? '3' : '7')])
        {
            await (await AskAsync(HttpMethod.Get, $"explain?user={Uri.EscapeDataString(_user)}&message={other}"))
                .ShouldBeRefusedAsync(HttpStatusCode.NotFound, "message_unknown");
        }
    }

    [Fact]
    public async Task A_node_that_has_it_was_killed()
    {
        await using var processes = await TwoProcesses.StartAsync();
        await using var phone = new PushClient(OptionsFor(new Uri($"http://127.0.0.1:{processes.Ports[0]}/hub"), "phone", () => processes.Backend.MintAsync(_user)));
        await phone.StartAsync();
        using var published = await processes.Backend.Http.SendAsync(Node.Api($"/api/users/{Uri.EscapeDataString(_user)}/messages?wait=handled&timeoutSeconds=30", new { type = "t" }));
        var id = (await published.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;

        await processes.KillFirstAsync();

        using var asked = new HttpRequestMessage(HttpMethod.Get, $"/api/explain?user={Uri.EscapeDataString(_user)}&message={id}") { Headers = { { "X-Api-Key", Node.ApiKey } } };
        var told = await SentencesInAsync(await processes.Backend.Http.SendAsync(asked));
        told.Should().Contain("Device phone has handled it by").And.Contain("has not answered: what it has done is not known.");
    }

    [Fact]
    public async Task Nothing_is_published_to_see_what_would_happen()
    {
        (await ForeseenAsync()).Should().Contain($"{_user} has no connection: nothing would be sent now.");

        await using var phone = ClientOn(nodes.First, "phone");
        await using var stock = nodes.Second.ClientFor(_user, skipNegotiation: true);
        await Task.WhenAll(phone.StartAsync(), stock.StartAsync());
        await ToldAsync(await PublishAsync(User), "Device phone has handled it by");

        (await ForeseenAsync()).Should().Contain("It would be sent at once to 2 connections.").And.Contain("Device phone was last heard of").And.Contain("realtimehub-dotnet/");
    }

    [Theory]
    [InlineData("")]
    [InlineData("user=")]
    [InlineData("user=alice&user=bob")]
    [InlineData("user=alice&message=7")]
    [InlineData("user=alice&message=")]
    [InlineData("user=alice&address=everyone")]
    [InlineData("user=alice&message=7-7&address=room1")]
    [InlineData("user=a%0ab&message=7-7")]
    public async Task What_is_no_question_is_refused_with_a_reason(string query) =>
        await (await AskAsync(HttpMethod.Get, $"explain?{query}")).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "query_invalid");

    [Fact]
    public async Task A_transient_message_cannot_be_explained() =>
        await (await AskAsync(HttpMethod.Get, "explain?user=alice&message=0-7")).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "message_unknown");

    private static async Task<bool> TriedAsync(Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    private PushClient ClientOn(Node node, string device, bool fails = false, string[]? groups = null)
    {
        var client = new PushClient(OptionsFor(new Uri(node.Address, "hub"), device, () => node.MintAsync(_user, groups ?? [])));
        client.On("*", _ => fails ? throw new InvalidOperationException("This handler fails.") : Task.CompletedTask);
        client.OnError(_ => Task.CompletedTask);
        return client;
    }

    private static PushClientOptions OptionsFor(Uri hub, string device, Func<Task<string>> mint) => new()
    {
        Url = hub,
        Token = async _ => new AccessToken(await mint()),
        Device = device,
        LoggerFactory = NullLoggerFactory.Instance,
    };

    private Task<string> PublishAsync(Address address) => nodes.First.Publisher.PublishAsync(address, "t", new { });

    /// <summary>Waits until the user has no connection any more.</summary>
    private Task GoneAsync() => Eventually.HoldsAsync(async () =>
        !(await (await AskAsync(HttpMethod.Get, $"users/{Uri.EscapeDataString(_user)}")).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("online").GetBoolean());

    /// <summary>What is said of a message, once this is.</summary>
    private async Task<string> ToldAsync(string id, string sentence = "", Address? address = null, Node? of = null)
    {
        var told = "";
        await Eventually.HoldsAsync(async () =>
        {
            var query = $"user={Uri.EscapeDataString(_user)}&message={id}" + (address is { } other ? $"&address={Uri.EscapeDataString(other.ToString())}" : "");
            told = await SentencesInAsync(await AskAsync(HttpMethod.Get, $"explain?{query}", of: of));
            return told.Contains(sentence, StringComparison.Ordinal);
        });
        return told;
    }

    private async Task<string> ForeseenAsync() =>
        await SentencesInAsync(await AskAsync(HttpMethod.Get, $"explain?user={Uri.EscapeDataString(_user)}"));

    private static async Task<string> SentencesInAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            var explained = await answer.Content.ReadFromJsonAsync<JsonElement>();
            return string.Join('\n', explained.GetProperty("sentences").EnumerateArray().Select(sentence => sentence.GetString()));
        }
    }

    private Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, object? body = null, Node? of = null) =>
        (of ?? nodes.Second).Client.SendAsync(new HttpRequestMessage(method, "/api/" + path)
        {
            Headers = { { "X-Api-Key", Node.ApiKey } },
            Content = body is null ? null : JsonContent.Create(body),
        });
}
