using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Delivery;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Authentication;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Connections;

/// <summary>A token that was minted before its user was ended, or of one who is banned: it is spent, and opens nothing.</summary>
public abstract class RefusedAttachTests
{
    private const string Ended =
        """{"type":7,"error":"ended: A backend has ended the connection. Connect again with a new token.","allowReconnect":true}""";

    private readonly string _name = Guid.NewGuid().ToString("N");

    protected abstract Node Node { get; }

    private Address User => Address.User(_name);

    private IEpochs Epochs => Node.Services.GetRequiredService<IEpochs>();

    private IConnectionDirectory Directory => Node.Services.GetRequiredService<IConnectionDirectory>();

    [Theory]
    [InlineData("")]
    [InlineData("?heads=true")]
    public async Task It_gets_nothing_but_the_reason(string query)
    {
        await Node.Publisher.PublishAsync(User, "kept", 1);
        var token = await Node.MintAsync(_name, _name);
        await Epochs.RaiseAsync(User);

        using var socket = await RawSocket.OpenAsync(Node, token, query);
        await socket.SayAsync($$$"""{"type":1,"invocationId":"1","target":"Resume","arguments":[{"from":"retained"}]}""");

        (await socket.ReadToEndAsync()).Should().Equal("{}", Ended, "");
        (await Directory.ConnectionsOfAsync([User])).Single().Should().BeEmpty();
        (await Directory.LocateAsync([.. Node.Services.GetRequiredService<ConnectionRegistry>().Connections
            .Where(connection => connection.User == User).Select(connection => connection.Id)])).Should().BeEmpty();
    }

    [Fact]
    public async Task What_goes_to_everyone_and_to_its_group_while_it_is_looked_at_does_not_reach_it()
    {
        var token = await Node.MintAsync(_name, _name);
        using var socket = await RawSocket.ConnectedAsync(Node, token);
        await Epochs.RaiseAsync(User);
        using var over = new CancellationTokenSource();
        var publishing = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                await Node.Publisher.PublishAsync(Address.Everyone, "everyone", 1);
                await Node.Publisher.PublishAsync(Address.Group(_name), "group", 1);
            }
        });

        await socket.ShakeHandsAsync();

        (await socket.ReadToEndAsync()).Should().Equal("{}", Ended, "");
        await over.CancelAsync();
        await publishing;
    }

    [Fact]
    public async Task A_connection_that_was_negotiated_before_does_not_open_either()
    {
        var hub = new RawHub(Node);
        var (connection, grant) = await hub.NegotiatedAsync(await Node.MintAsync(_name));
        await Epochs.RaiseAsync(User);

        using var socket = await RawSocket.ConnectedAsync(Node, grant, $"?id={connection}");
        await socket.ShakeHandsAsync();

        (await socket.ReadToEndAsync()).Should().Equal("{}", Ended, "");
        (await Directory.ConnectionsOfAsync([User])).Single().Should().BeEmpty();
    }

    [Fact]
    public async Task Who_is_banned_is_told_why_and_not_to_come_back_also_with_a_token_of_later()
    {
        await Epochs.BanAsync(User, TimeProvider.System.GetUtcNow().AddHours(1), "You have \"spammed\".");

        using var socket = await RawSocket.OpenAsync(Node, await Node.MintAsync(_name));

        (await socket.ReadToEndAsync()).Should().Equal("{}", """{"type":7,"error":"banned: You have \"spammed\"."}""", "");
    }

    [Theory]
    [InlineData(HttpTransportType.WebSockets, true)]
    [InlineData(HttpTransportType.ServerSentEvents, false)]
    public async Task A_token_that_is_minted_after_the_end_opens_as_ever(HttpTransportType transport, bool skipNegotiation)
    {
        await Epochs.RaiseAsync(User);
        await Epochs.RaiseAsync(User, "s1");
        var record = new TokenRecord { Subject = _name, SessionId = "s1" };
        await using var client = Node.ClientFor(
            async () => (await Node.Tokens.MintAsync(record)).Reveal(), transport, skipNegotiation);

        await client.StartAsync();

        await Eventually.HoldsAsync(async () => (await Directory.ConnectionsOfAsync([User])).Single().Count == 1);
    }

    public sealed class InMemory(InMemoryNode node) : RefusedAttachTests, IClassFixture<InMemoryNode>
    {
        protected override Node Node => node.Node;
    }

    public sealed class OnRedis(TwoNodes nodes) : RefusedAttachTests, IClassFixture<TwoNodes>
    {
        protected override Node Node => nodes.First;

        [Fact]
        public async Task A_token_that_a_backend_has_written_by_itself_opens_if_it_has_read_the_epoch()
        {
            var user = Guid.NewGuid().ToString("N");
            var epoch = await Epochs.RaiseAsync(Address.User(user));

            // Of the time it says nothing can be known: the epoch counts.
            (await OpensAsync($$"""{"sub":"{{user}}","epoch":{{epoch}},"iat":1}""")).Should().BeTrue();
            (await OpensAsync($$"""{"sub":"{{user}}","epoch":{{epoch - 1}},"iat":4000000000}""")).Should().BeFalse();
            (await OpensAsync($$"""{"sub":"{{user}}"}""")).Should().BeFalse();
            (await OpensAsync($$"""{"sub":"{{user}}","iat":{{(epoch / 1000) - 1}}}""")).Should().BeFalse();
            (await OpensAsync($$"""{"sub":"{{user}}","iat":{{epoch / 1000}}}""")).Should().BeTrue("whole seconds have a second of slack");
        }

        private async Task<bool> OpensAsync(string record)
        {
            var token = AccessToken.Create();
            await nodes.Redis.Database.StringSetAsync($"hub:token:{token.Hash}", record, TimeSpan.FromSeconds(20));
            using var socket = await RawSocket.OpenAsync(Node, token.Reveal(), "?heads=true");
            return (await socket.ReadMessageAsync())!.Contains("\"Heads\"", StringComparison.Ordinal);
        }
    }
}
