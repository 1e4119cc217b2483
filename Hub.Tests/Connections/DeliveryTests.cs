using System.Text.Json;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Connections;

public sealed class DeliveryTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    public static TheoryData<HttpTransportType, bool> Transports => new()
    {
        { HttpTransportType.WebSockets, false },
        { HttpTransportType.WebSockets, true },
        { HttpTransportType.ServerSentEvents, false },
        { HttpTransportType.LongPolling, false },
    };

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_push_reaches_its_user_on_the_node_it_is_made_on(HttpTransportType transport, bool skipNegotiation) =>
        await PushReachesAsync(nodes.First, transport, skipNegotiation);

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_push_reaches_its_user_on_another_node(HttpTransportType transport, bool skipNegotiation) =>
        await PushReachesAsync(nodes.Second, transport, skipNegotiation);

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_push_reaches_its_user_in_memory(HttpTransportType transport, bool skipNegotiation)
    {
        await using var node = new Node();
        await using var alice = node.ClientFor("alice", transport, skipNegotiation);
        var received = await Received.ByAsync(alice);

        await PushAsync(node, Address.User("alice"), "hello");

        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("hello");
    }

    [Fact]
    public async Task A_message_carries_its_id_address_type_payload_and_time()
    {
        await using var alice = nodes.First.ClientFor("alice shape");
        var received = await Received.ByAsync(alice);

        const string payload = """{"n":12345678901234567890.123,"nested":[null,true,"ünï<&>"],"e":{}}""";
        var first = await nodes.Second.Publisher.PublishAsync(Address.User("alice shape"), "first", 1);
        var second = await nodes.Second.Publisher.PublishAsync(
            Address.User("alice shape"), "order.shipped", JsonSerializer.Deserialize<JsonElement>(payload));

        await received.NextAsync();
        var message = await received.NextAsync();
        message.EnumerateObject().Select(property => property.Name).Should().Equal("id", "after", "address", "type", "payload", "time");
        message.GetProperty("id").GetString().Should().Be(second);
        message.GetProperty("after").GetString().Should().Be(first);
        message.GetProperty("address").GetString().Should().Be("user:alice shape");
        message.GetProperty("payload").GetRawText().Should().Be(payload);
        message.GetProperty("time").GetDateTimeOffset().Offset.Should().Be(TimeSpan.Zero);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"text\"")]
    [InlineData("[1,2]")]
    public async Task A_payload_may_be_any_JSON(string payload)
    {
        await using var alice = nodes.First.ClientFor("alice any");
        var received = await Received.ByAsync(alice);

        await nodes.Second.Publisher.PublishAsync(Address.User("alice any"), "t", JsonSerializer.Deserialize<JsonElement>(payload));

        (await received.NextAsync()).GetProperty("payload").GetRawText().Should().Be(payload);
    }

    [Fact]
    public async Task A_push_reaches_every_connection_of_the_user_and_nobody_else()
    {
        await using var tab = nodes.First.ClientFor("Alice");
        await using var phone = nodes.Second.ClientFor("Alice");
        await using var other = nodes.Second.ClientFor("alice");
        var (onTab, onPhone, onOther) = (await Received.ByAsync(tab), await Received.ByAsync(phone), await Received.ByAsync(other));

        await PushAsync(nodes.First, Address.User("Alice"), "hers");
        await PushAsync(nodes.First, Address.Everyone, "all");

        (await onTab.NextAsync()).GetProperty("type").GetString().Should().Be("hers");
        (await onPhone.NextAsync()).GetProperty("type").GetString().Should().Be("hers");
        (await onOther.NextAsync()).GetProperty("type").GetString().Should().Be("all");
    }

    [Fact]
    public async Task A_connection_joins_the_groups_of_its_token()
    {
        await using var member = nodes.First.ClientFor(async () => await nodes.First.MintAsync("member", "room1", "room:{2}*"));
        await using var stranger = nodes.First.ClientFor(async () => await nodes.First.MintAsync("stranger", "room10"));
        var (onMember, onStranger) = (await Received.ByAsync(member), await Received.ByAsync(stranger));

        await PushAsync(nodes.Second, Address.Group("room1"), "one");
        await PushAsync(nodes.Second, Address.Group("room:{2}*"), "two");
        await PushAsync(nodes.Second, Address.User("stranger"), "last");

        var types = new[] { await onMember.NextAsync(), await onMember.NextAsync() }.Select(message => message.GetProperty("type").GetString());
        types.Should().BeEquivalentTo("one", "two");
        (await onStranger.NextAsync()).GetProperty("type").GetString().Should().Be("last");
    }

    [Fact]
    public async Task Pushes_to_a_user_arrive_in_order()
    {
        await using var alice = nodes.First.ClientFor("alice order", skipNegotiation: true);
        var received = await Received.ByAsync(alice);

        for (var number = 0; number < 500; number++)
        {
            await PushAsync(nodes.Second, Address.User("alice order"), $"n{number}");
        }

        for (var number = 0; number < 500; number++)
        {
            (await received.NextAsync()).GetProperty("type").GetString().Should().Be($"n{number}");
        }
    }

    [Fact]
    public async Task A_worker_that_hosts_no_hub_publishes()
    {
        await using var alice = nodes.First.ClientFor("alice worker");
        var received = await Received.ByAsync(alice);
        var builder = Host.CreateApplicationBuilder(["--Redis:Connection", nodes.Redis.Connection]);
        builder.Services.AddRealtimeHubPublisher();
        using var worker = builder.Build();
        await worker.StartAsync();

        await worker.Services.GetRequiredService<IPublisher>().PublishAsync(Address.User("alice worker"), "from.worker", new { Done = true });

        (await received.NextAsync()).GetProperty("payload").GetProperty("done").GetBoolean().Should().BeTrue();
        await worker.StopAsync();
    }

    [Fact]
    public async Task Two_hubs_with_different_prefixes_share_a_Redis_and_hear_nothing_of_each_other()
    {
        await using var stranger = Node.On(nodes.Redis, ("Redis:KeyPrefix", "other:"));
        await using var alice = nodes.First.ClientFor("alice prefix");
        var received = await Received.ByAsync(alice);

        await PushAsync(stranger, Address.User("alice prefix"), "foreign");
        await PushAsync(nodes.Second, Address.User("alice prefix"), "own");

        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("own");
        (await nodes.First.Tokens.SpendAsync(await stranger.Tokens.MintAsync(new() { Subject = "alice" }))).IsAccepted.Should().BeFalse();
    }

    private async Task PushReachesAsync(Node pushing, HttpTransportType transport, bool skipNegotiation)
    {
        var user = $"{transport} {skipNegotiation} {pushing.Address.Port}";
        await using var client = nodes.First.ClientFor(user, transport, skipNegotiation);
        var received = await Received.ByAsync(client);

        await PushAsync(pushing, Address.User(user), "first");
        await PushAsync(pushing, Address.User(user), "second");

        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("first");
        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("second");
        received.IsEmpty.Should().BeTrue();
    }

    private static Task<string> PushAsync(Node node, Address address, string type) => node.Publisher.PublishAsync(address, type, new { });
}
