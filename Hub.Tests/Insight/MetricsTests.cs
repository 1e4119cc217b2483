using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Connections;
using RealtimeHub.Delivery;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Authentication;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Insight;

/// <summary>What the instruments of a node tell, after what is known to have happened there.</summary>
public sealed class MetricsTests : IAsyncLifetime
{
    private static readonly PublishOptions Transient = new() { Transient = true };

    private readonly RedisServer _redis = new();
    private Node _node = null!;

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        _node = Node.On(_redis);
        _ = _node.Address;
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Connects_and_who_is_here_are_counted()
    {
        using var measured = new Measured(_node);
        await using var alice = await ConnectAsync("alice", "room");
        await using var again = await ConnectAsync("alice", "room");
        await using (await ConnectAsync("bob", "hall"))
        {
            measured["realtimehub.connections.active"].Should().Be(3);
            measured["realtimehub.addresses.active{kind=user}"].Should().Be(2);
            measured["realtimehub.addresses.active{kind=group}"].Should().Be(2);
        }

        await Eventually.HoldsAsync(() => Task.FromResult(measured["realtimehub.connections.active"] == 2));
        await Eventually.HoldsAsync(() => Task.FromResult(measured["realtimehub.addresses.active{kind=group}"] == 1));
        measured["realtimehub.addresses.active{kind=user}"].Should().Be(1);
        measured.CountOf("realtimehub.connect.duration{outcome=opened}").Should().Be(3);
        measured.CountOf("realtimehub.attach.duration{outcome=attached}").Should().Be(3);
        measured["realtimehub.connect.duration{outcome=opened}"].Should()
            .BeGreaterThan(measured["realtimehub.attach.duration{outcome=attached}"], "the one is part of the other");
        measured.CountOf("realtimehub.redis.script.duration{outcome=answered,script=attach}").Should()
            .Be(5, "there are three connections and two groups");
    }

    [Fact]
    public async Task Who_is_banned_or_finds_no_store_is_counted_among_the_connects_by_the_reason()
    {
        using var measured = new Measured(_node);
        var banned = await _node.MintAsync("mallory");
        await _node.Services.GetRequiredService<IEpochs>().BanAsync(Address.User("mallory"), DateTimeOffset.MaxValue, null);
        await using var client = _node.ClientFor(() => Task.FromResult<string?>(banned));

        await client.StartAsync();

        await Eventually.HoldsAsync(() => Task.FromResult(measured.CountOf("realtimehub.connect.duration{outcome=banned}") == 1));
        measured.CountOf("realtimehub.attach.duration{outcome=refused}").Should().Be(1);
        measured["realtimehub.connections.ended{code=banned}"].Should().Be(1);
    }

    [Fact]
    public async Task Messages_and_deliveries_are_counted_by_kind_of_address_and_durability()
    {
        await using var first = _node.ClientFor(async () => await _node.MintAsync("alice", "room"));
        await using var second = _node.ClientFor(async () => await _node.MintAsync("alice"));
        await using var third = _node.ClientFor(async () => await _node.MintAsync("bob", "room"));
        Received[] all = [await Received.ByAsync(first), await Received.ByAsync(second), await Received.ByAsync(third)];
        using var measured = new Measured(_node);

        for (var number = 0; number < 5; number++)
        {
            await _node.Publisher.PublishAsync(Address.User("alice"), "t", number);
            await _node.Publisher.PublishAsync(Address.Group("room"), "t", number, Transient);
        }

        await _node.Publisher.PublishAsync([Publication.Of(Address.Everyone, "t", 1), Publication.Of(Address.Everyone, "t", 2)]);
        await _node.Publisher.PublishAsync(Address.User("nobody is here"), "t", 0);
        await Task.WhenAll(AllAsync(all[0], 12), AllAsync(all[1], 7), AllAsync(all[2], 7));

        measured.CountOf("realtimehub.publish.duration{durability=durable,kind=user,outcome=published}").Should().Be(6);
        measured.CountOf("realtimehub.publish.duration{durability=transient,kind=group,outcome=published}").Should().Be(5);
        measured.CountOf("realtimehub.publish.duration{durability=durable,kind=everyone,outcome=published}").Should().Be(2);
        measured["realtimehub.deliveries{kind=user}"].Should().Be(5 * 2);
        measured["realtimehub.deliveries{kind=group}"].Should().Be(5 * 2);
        measured["realtimehub.deliveries{kind=everyone}"].Should().Be(2 * 3);
        measured.CountOf("realtimehub.redis.script.duration{outcome=answered,script=publish}").Should().Be(8);
        measured["realtimehub.outbox.waiting"].Should().Be(0);

        static async Task AllAsync(Received received, int messages)
        {
            for (var number = 0; number < messages; number++)
            {
                await received.NextAsync();
            }
        }
    }

    [Fact]
    public async Task The_bytes_of_deliveries_are_those_that_the_client_reads()
    {
        using var socket = await OpenSocketAsync(_node, await _node.MintAsync("alice"));
        using var measured = new Measured(_node);

        await _node.Publisher.PublishAsync(Address.User("alice"), "t", new string('x', 1_000));
        var read = await socket.ReceiveAsync(new byte[4_096], CancellationToken.None);

        measured["realtimehub.delivery.io{kind=user}"].Should().Be(read.Count);
    }

    [Fact]
    public async Task What_waits_for_a_client_that_reads_nothing_is_told_and_so_is_its_end()
    {
        await using var node = new Node(("Limits:WaitingTime", "00:00:01"))
        {
            Additions = host => host.Configure<SocketTransportOptions>(SmallBuffers.Listen),
        };
        using var measured = new Measured(node);
        using var stalled = await SmallBuffers.OpenAsync(node, await node.MintAsync("alice"));
        await Eventually.HoldsAsync(() => Task.FromResult(measured.CountOf("realtimehub.connect.duration{outcome=opened}") == 1));

        for (var number = 0; number < 10; number++)
        {
            await node.Publisher.PublishAsync(Address.User("alice"), "t", new string('x', 60_000));
        }

        measured["realtimehub.outbox.waiting"].Should().BeInRange(60_000, 600_000);
        await Eventually.HoldsAsync(() => Task.FromResult(measured["realtimehub.connections.ended{code=too_slow}"] == 1));
        await Eventually.HoldsAsync(() => Task.FromResult(measured["realtimehub.outbox.waiting"] == 0));
    }

    [Fact]
    public async Task Resumes_are_counted_by_what_the_client_is_told_of_each_address()
    {
        var seen = await _node.Publisher.PublishAsync(Address.User("alice"), "t", 1);
        await _node.Publisher.PublishAsync(Address.User("alice"), "t", 2);
        await using var client = await ConnectAsync("alice", "room");
        using var measured = new Measured(_node);

        await client.InvokeAsync("Resume", new { cursors = new Dictionary<string, string> { ["user:alice"] = seen }, from = "head" });
        await client.InvokeAsync("Resume", new { cursors = new Dictionary<string, string> { ["group:room"] = "1-2", ["user:bob"] = seen } });

        measured["realtimehub.resumes{outcome=recovered}"].Should().Be(1, "alice has missed a message");
        measured["realtimehub.resumes{outcome=current}"].Should().Be(2, "of the room and of everyone she has missed nothing");
        measured["realtimehub.resumes{outcome=lost}"].Should().Be(1, "nobody knows her cursor in the room");
        measured["realtimehub.resumes{outcome=refused}"].Should().Be(1, "bob is none of her business");
    }

    [Fact]
    public async Task What_Redis_has_lost_is_counted_as_a_gap_of_the_log_and_the_address_as_behind()
    {
        await using var alice = await ConnectAsync("alice");
        var kept = await _node.Publisher.PublishAsync(Address.User("alice"), "t", 1);
        var lost = await _node.Publisher.PublishAsync(Address.User("alice"), "t", 2);
        using var measured = new Measured(_node);
        await _redis.Database.StreamDeleteAsync("hub:{user%3Aalice}:log", [lost]);
        await _redis.Database.ExecuteAsync("XSETID", "hub:{user%3Aalice}:log", kept);
        await _redis.Database.HashSetAsync("hub:{user%3Aalice}:head", "id", kept);

        await _node.Publisher.PublishAsync(Address.User("alice"), "t", 3);

        await Eventually.HoldsAsync(() => Task.FromResult(measured["realtimehub.addresses.behind{kind=user}"] >= 1));
        measured["realtimehub.log.gaps{kind=user}"].Should().Be(1);
    }

    [Fact]
    public async Task Whether_Redis_is_heard_is_told_and_what_fails_without_it()
    {
        using var measured = new Measured(_node);
        measured["realtimehub.redis.up"].Should().Be(1);

        _redis.Kill();
        await Eventually.HoldsAsync(() => Task.FromResult(measured["realtimehub.redis.up"] == 0));
        var publish = () => _node.Publisher.PublishAsync(Address.User("alice"), "t", 1);
        await publish.Should().ThrowAsync<Exception>();
        await _redis.RestartAsync();

        await Eventually.HoldsAsync(() => Task.FromResult(measured["realtimehub.redis.up"] == 1));
        measured.CountOf("realtimehub.publish.duration{durability=durable,kind=user,outcome=store_unavailable}").Should().Be(1);
        measured.CountOf("realtimehub.redis.script.duration{outcome=failed,script=publish}").Should().Be(1);
    }

    [Fact]
    public async Task A_node_in_memory_tells_nothing_of_Redis()
    {
        await using var node = new Node();
        using var measured = new Measured(node);

        measured.Series.Should().Contain("realtimehub.connections.active").And.NotContain(series => series.Contains("redis"));
    }

    [Fact]
    public async Task A_node_that_is_drained_tells_so()
    {
        using var measured = new Measured(_node);
        measured["realtimehub.node.draining"].Should().Be(0);

        await _node.Services.GetRequiredService<ConnectionDrain>().DrainAsync();

        measured["realtimehub.node.draining"].Should().Be(1);
    }

    [Fact]
    public async Task However_many_users_there_are_and_whatever_they_are_called_the_series_stay_the_same_and_name_nobody()
    {
        using var measured = new Measured(_node);
        var secrets = new List<string>();
        await VisitAsync(0, secrets);
        await Eventually.HoldsAsync(
            () => Task.FromResult(measured.CountOf("realtimehub.redis.script.duration{outcome=answered,script=detach}") >= 1));
        var before = measured.Series.Order().ToList();

        for (var visitor = 1; visitor <= 200; visitor++)
        {
            await VisitAsync(visitor, secrets);
        }

        measured.Series.Order().Should().Equal(before);
        before.Should().HaveCountLessThan(60);
        string.Join('\n', before).Should().NotContainAny([.. secrets, "visitor", "wstoken", "{}", "\u001b"]);
    }

    /// <summary>Somebody with a name of his own comes twice, is told something in each way, resumes, and shows what is not good.</summary>
    private async Task VisitAsync(int visitor, List<string> secrets)
    {
        var (user, group) = ($"visitor \" }} {{}} = , \\ {visitor}", $"visitor's room <{visitor}>");
        var token = await _node.MintAsync(user, group);
        secrets.Add(token);
        await using var client = _node.ClientFor(() => Task.FromResult<string?>(token));
        var received = await Received.ByAsync(client);
        await _node.Publisher.PublishAsync(Address.User(user), user, visitor);
        await _node.Publisher.PublishAsync(Address.Group(group), user, visitor, Transient);
        await _node.Publisher.PublishAsync(Address.Everyone, user, visitor, Transient);
        foreach (var _ in (int[])[1, 2, 3])
        {
            await received.NextAsync();
        }

        await client.InvokeAsync("Resume", new { cursors = new Dictionary<string, string> { [$"user:{user}"] = "1-1", [$"user:{user}!"] = "1-1" } });
        var hub = new RawHub(_node);
        await hub.NegotiateAsync(token);
        await hub.NegotiateAsync($"wstoken{visitor:D43}");
        await hub.UpgradeAsync($"access_token={token}", ("Origin", $"https://visitor-{visitor}.example"));
        await _node.Client.PostAsync($"api/users/{Uri.EscapeDataString(user)}/messages", JsonContent.Create(new { type = user, payload = visitor }));
        await client.StopAsync();
    }

    private async Task<HubConnection> ConnectAsync(string user, params string[] groups)
    {
        var client = _node.ClientFor(async () => await _node.MintAsync(user, groups));
        await Received.ByAsync(client);
        return client;
    }

    private static async Task<ClientWebSocket> OpenSocketAsync(Node node, string token)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        await socket.ConnectAsync(new UriBuilder(node.Address) { Scheme = "ws", Path = "hub" }.Uri, CancellationToken.None);
        await socket.SendAsync(
            Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e"), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        await socket.ReceiveAsync(new byte[1024], CancellationToken.None);
        await Eventually.HoldsAsync(() => Task.FromResult(node.Services.GetRequiredService<ConnectionRegistry>().Connections.Any(
            connection => connection.HasOpened)));
        return socket;
    }
}
