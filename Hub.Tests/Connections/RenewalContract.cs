using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Connections;
using RealtimeHub.Control;
using RealtimeHub.Delivery;
using RealtimeHub.Presence;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Connections;

/// <summary>An open connection goes on by a fresh token of its user.</summary>
public abstract class RenewalContract
{
    private readonly string _alice = Guid.NewGuid().ToString("N");

    public static TheoryData<HttpTransportType, bool> Transports => new()
    {
        { HttpTransportType.WebSockets, true },
        { HttpTransportType.WebSockets, false },
        { HttpTransportType.ServerSentEvents, false },
        { HttpTransportType.LongPolling, false },
    };

    protected abstract Node Node { get; }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private TokenRecord Alice => new() { Subject = _alice };

    private IConnectionControl Control => Node.Services.GetRequiredService<IConnectionControl>();

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task It_outlives_the_end_of_the_token_that_opened_it_and_ends_with_the_last(
        HttpTransportType transport, bool skipNegotiation)
    {
        await using var client = await ConnectAsync(Alice with { ExpiresAt = Now.AddSeconds(3) }, transport, skipNegotiation);
        var id = (await ConnectionAsync()).Id;
        var closed = new TaskCompletionSource<DateTimeOffset>();
        client.Closed += _ =>
        {
            closed.SetResult(Now);
            return Task.CompletedTask;
        };
        var end = DateTimeOffset.FromUnixTimeSeconds(Now.ToUnixTimeSeconds() + 7);

        var answer = await RenewAsync(client, Alice with { ExpiresAt = end });

        answer.TokenLifetimeSeconds.Should().BeInRange(5, 7);
        (await ConnectionAsync()).Should().BeEquivalentTo(new { Id = id, Expires = end });
        (await closed.Task.WaitAsync(TimeSpan.FromSeconds(30))).Should().BeAfter(end).And.BeBefore(end.AddSeconds(10));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Its_labels_session_roles_and_groups_are_those_of_the_new_token_and_what_a_backend_has_added_stays(
        HttpTransportType transport, bool skipNegotiation)
    {
        var (lost, kept, gained, added, joined) = (Group("lost"), Group("kept"), Group("gained"), Group("added"), Group("joined"));
        await using var client = ClientFor(
            Alice with { SessionId = "s1", Labels = ["beta"], Roles = ["admin"], Groups = [lost, kept], MayJoin = ["*"] },
            transport, skipNegotiation);
        var received = await Received.ByAsync(client);
        var id = (await ConnectionAsync()).Id;
        await Node.Hub.Groups.AddToGroupAsync(id, added);
        await client.InvokeAsync(nameof(PushHub.Join), joined);

        var answer = await RenewAsync(
            client, Alice with { SessionId = "s2", Labels = ["gamma"], Roles = ["reader"], Groups = [kept, gained] });

        answer.TokenLifetimeSeconds.Should().BeNull();
        (await ConnectionAsync()).Should().BeEquivalentTo(
            new { Session = "s2", Labels = (string[])["gamma"], Expires = (DateTimeOffset?)null });
        Node.Services.GetRequiredService<ConnectionRegistry>().TryFind(id, out var connection).Should().BeTrue();
        var user = connection!.Context.User;
        (user.IsInRole("reader"), user.IsInRole("admin")).Should().Be((true, false));
        foreach (var group in (string[])[lost, joined, kept, gained, added])
        {
            await Node.Publisher.PublishAsync(Address.Group(group), group, payload: 0);
        }

        foreach (var group in (string[])[kept, gained, added])
        {
            (await received.NextAsync()).GetProperty("type").GetString().Should().Be(group);
        }
    }

    [Fact]
    public async Task Another_users_token_is_refused_and_spent_and_the_connection_stays_as_it_was()
    {
        await using var client = await ConnectAsync(Alice with { Groups = [Group("room")], Labels = ["beta"] });
        var before = await ConnectionAsync();
        var foreign = await MintAsync(Alice with { Subject = $"{_alice}'s brother", Labels = ["gamma"] });

        (await RefusalAsync(client, foreign)).Should().Contain("user_foreign: ");

        (await ConnectionAsync()).Should().BeEquivalentTo(before);
        (await RefusalAsync(client, foreign)).Should().Contain("token_spent: ");
    }

    [Fact]
    public async Task What_is_no_token_and_what_is_for_another_hub_renews_nothing()
    {
        await using var client = await ConnectAsync(Alice);

        (await RefusalAsync(client, null)).Should().Contain("token_malformed: ");
        (await RefusalAsync(client, "no token")).Should().Contain("token_malformed: ");
        (await RefusalAsync(client, AccessToken.Create().Reveal())).Should().Contain("token_unknown: ");
        (await RefusalAsync(client, await MintAsync(Alice with { Audience = "/another" }))).Should().Contain("token_audience: ");
        (await RenewAsync(client, Alice with { Audience = "/hub" })).TokenLifetimeSeconds.Should().BeNull();
    }

    [Fact]
    public async Task A_token_from_before_an_end_renews_nothing()
    {
        await using var client = await ConnectAsync(Alice with { SessionId = "s1" });
        var (ended, labelled) = (await MintAsync(Alice with { SessionId = "s2" }), await MintAsync(Alice with { Labels = [_alice] }));

        await Control.EndSessionAsync(_alice, "s2");
        await Control.EndLabelAsync(_alice);

        (await RefusalAsync(client, ended)).Should().Contain("ended: ");
        (await RefusalAsync(client, labelled)).Should().Contain("ended: ");
        (await ConnectionAsync()).Session.Should().Be("s1");
        (await RenewAsync(client, Alice with { SessionId = "s2" })).TokenLifetimeSeconds.Should().BeNull("that token is from after the end");
    }

    [Fact]
    public async Task Of_connections_that_renew_while_their_user_is_ended_or_banned_none_is_left()
    {
        for (var round = 0; round < 10; round++)
        {
            var bans = round % 2 == 1;
            await using var client = await ConnectAsync(Alice);
            var tokens = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => MintAsync(Alice)));
            var closed = new TaskCompletionSource();
            client.Closed += _ =>
            {
                closed.SetResult();
                return Task.CompletedTask;
            };
            var renewing = Task.Run(async () =>
            {
                foreach (var token in tokens)
                {
                    await client.InvokeAsync<RenewAnswer>(nameof(PushHub.Renew), token);
                }
            });

            await (bans ? Control.BanAsync(_alice, DateTimeOffset.MaxValue) : Control.EndUserAsync(_alice));

            await closed.Task.WaitAsync(TimeSpan.FromSeconds(30));
            await renewing.ContinueWith(_ => { }, TaskScheduler.Default);
            await Eventually.HoldsAsync(async () => !(await ConnectionsAsync()).Any());
            await Control.UnbanAsync(_alice);
        }
    }

    private static Task<RenewAnswer> RenewAsync(HubConnection client, string? token) =>
        client.InvokeAsync<RenewAnswer>(nameof(PushHub.Renew), token);

    private async Task<RenewAnswer> RenewAsync(HubConnection client, TokenRecord record) =>
        await RenewAsync(client, await MintAsync(record));

    private static async Task<string> RefusalAsync(HubConnection client, string? token) =>
        (await client.Awaiting(connection => RenewAsync(connection, token)).Should().ThrowAsync<HubException>()).Which.Message;

    private async Task<string> MintAsync(TokenRecord record) => (await Node.Tokens.MintAsync(record)).Reveal();

    private async Task<HubConnection> ConnectAsync(
        TokenRecord record, HttpTransportType transport = HttpTransportType.WebSockets, bool skipNegotiation = true)
    {
        var client = ClientFor(record, transport, skipNegotiation);
        await client.StartAsync();

        // It is answered when the connection is attached.
        await client.InvokeAsync(nameof(PushHub.Resume), new { });
        return client;
    }

    private HubConnection ClientFor(TokenRecord record, HttpTransportType transport, bool skipNegotiation) =>
        Node.ClientFor(async () => await MintAsync(record), transport, skipNegotiation);

    private string Group(string name) => $"{name} {_alice}";

    private async Task<UserConnection> ConnectionAsync() => (await ConnectionsAsync()).Single();

    private async Task<IReadOnlyList<UserConnection>> ConnectionsAsync() =>
        (await Node.Services.GetRequiredService<IConnections>().GetAsync(_alice)).Connections;

    public sealed class InMemory(InMemoryNode node) : RenewalContract, IClassFixture<InMemoryNode>
    {
        protected override Node Node => node.Node;
    }

    public sealed class OnRedis(TwoNodes nodes) : RenewalContract, IClassFixture<TwoNodes>
    {
        protected override Node Node => nodes.First;
    }
}
