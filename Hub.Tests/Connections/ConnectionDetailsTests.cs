using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Connections;

/// <summary>What every node knows of a connection while it is open.</summary>
public sealed class ConnectionDetailsTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private readonly string _user = Guid.NewGuid().ToString("N");

    private IConnectionDirectory Directory => nodes.Second.Services.GetRequiredService<IConnectionDirectory>();

    [Theory]
    [MemberData(nameof(DeliveryTests.Transports), MemberType = typeof(DeliveryTests))]
    public async Task It_is_what_its_token_and_its_client_say(HttpTransportType transport, bool skipNegotiation)
    {
        var record = new TokenRecord
        {
            Subject = _user,
            SessionId = "session 1",
            Labels = ["tenant:7", "beta"],
            ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000),
        };
        var before = TimeProvider.System.GetUtcNow();
        await using var client = nodes.First.ClientFor(
            async () => (await nodes.First.Tokens.MintAsync(record)).Reveal(), transport, skipNegotiation);
        await client.StartAsync();

        var connection = await OnlyConnectionAsync();

        connection.Node.Should().Be(nodes.First.Services.GetRequiredService<NodeId>());
        connection.Details!.Transport.Should().Be(transport.ToString());
        connection.Details.Client.Should().StartWith("Microsoft SignalR/10.0");
        connection.Details.Since.Should().BeOnOrAfter(before.AddMilliseconds(-1)).And.BeOnOrBefore(TimeProvider.System.GetUtcNow());
        (connection.Details.Session, connection.Details.Expires).Should().Be(("session 1", record.ExpiresAt));
        connection.Details.Labels.Should().Equal("tenant:7", "beta");
    }

    public static TheoryData<string, string> Names => new()
    {
        { "shop-app/3.1", "shop-app/3.1" },
        { "  shop\r\nsince 0\tapp \ud83e\udd8a ", "shopsince 0app" },
        { new string('a', 1_000), new string('a', 128) },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_client_may_call_itself_as_it_likes_and_breaks_no_record(string said, string told)
    {
        await using var client = nodes.First.ClientFor(
            async () => await nodes.First.MintAsync(_user), skipNegotiation: true, path: $"hub?client={Uri.EscapeDataString(said)}");
        await client.StartAsync();

        var connection = await OnlyConnectionAsync();

        connection.Details!.Client.Should().Be(told);
        connection.Details.Since.Year.Should().BeGreaterThan(2000);
    }

    [Fact]
    public async Task It_is_gone_with_the_connection()
    {
        await using var client = nodes.First.ClientFor(_user, skipNegotiation: true);
        await client.StartAsync();
        await OnlyConnectionAsync();

        await client.StopAsync();

        await Eventually.HoldsAsync(async () => (await ConnectionsAsync()).Count == 0);
    }

    private async Task<IReadOnlyList<AttachedConnection>> ConnectionsAsync() =>
        (await Directory.ConnectionsOfAsync([Address.User(_user)])).Single();

    /// <summary>A stock client has started when its handshake was answered, which is a moment before the directory has it.</summary>
    private async Task<AttachedConnection> OnlyConnectionAsync()
    {
        await Eventually.HoldsAsync(async () => (await ConnectionsAsync()).Count > 0);
        return (await ConnectionsAsync()).Should().ContainSingle().Subject;
    }
}
