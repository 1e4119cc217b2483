using Microsoft.AspNetCore.Http;
using RealtimeHub.Authentication;
using RealtimeHub.Authentication.Binding;
using RealtimeHub.Authentication.Limits;
using RealtimeHub.Control;
using RealtimeHub.Nodes;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Connections;

/// <summary>What comes for a connection that is in the directory already, by its secret, and has not opened yet.</summary>
public sealed class EnteredEarlyTests : IAsyncLifetime
{
    private static readonly Address Alice = Address.User("alice");

    private readonly SteppedNode _node = new();

    public async Task InitializeAsync()
    {
        var starting = _node.Check.StartAsync();
        (await _node.Router.NextAsync()).Go();
        await starting;
    }

    public async Task DisposeAsync()
    {
        await _node.Check.StopAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task It_is_attached_no_second_time_and_told_the_head_of_the_moment_in_which_it_was_entered()
    {
        var before = await PublishAsync();
        var client = await EnteredAsync();

        await OpenAsync(client);

        _node.Router.IsCalled.Should().BeFalse();
        client.ReadAll().Should().Match($"*\"Heads\"*\"user:alice\":\"{before.Id}\"*\"Connected\"*\"reconnectSecret\":\"wsreconnect*");
    }

    [Fact]
    public async Task Of_what_has_found_nobody_meanwhile_it_is_told_by_the_head_and_what_follows_comes_live()
    {
        await PublishAsync();
        var client = await EnteredAsync();
        var (first, second) = (await PublishAsync(), await PublishAsync());
        _node.FanOut.Deliver([first, second]);

        await OpenAsync(client);
        var third = await PublishAsync();
        _node.FanOut.Deliver([third]);

        var told = client.ReadAll();
        told.Should().Match($"*\"Heads\"*\"user:alice\":\"{second.Id}\"*\"Receive\"*\"id\":\"{third.Id}\"*");
        told.Should().NotContain($"\"id\":\"{second.Id}\"");
    }

    [Fact]
    public async Task Where_others_of_its_user_are_it_is_told_the_head_that_they_have_come_to()
    {
        await PublishAsync();
        var client = await EnteredAsync();
        var attaching = _node.Attachment.AttachAsync(new PipedConnection("other").Client, []);
        (await _node.Router.NextAsync()).Go();
        await attaching;
        var between = await PublishAsync();
        _node.FanOut.Deliver([between]);

        await OpenAsync(client);

        client.ReadAll().Should().Match($"*\"Heads\"*\"user:alice\":\"{between.Id}\"*");
    }

    [Fact]
    public async Task A_transient_message_is_no_head()
    {
        var before = await PublishAsync();
        var client = await EnteredAsync();
        _node.FanOut.Deliver([new RoutedMessage(Alice, Cursor.Transient(), After: null, "}"u8.ToArray())]);

        await OpenAsync(client);

        client.ReadAll().Should().Match($"*\"Heads\"*\"user:alice\":\"{before.Id}\"*");
    }

    [Fact]
    public async Task If_the_groups_of_its_user_change_meanwhile_it_is_attached_once_more()
    {
        var client = await EnteredAsync();
        await _node.Lasting.HandleAsync(Asked());

        var opening = OpenAsync(client);

        var attach = await _node.Router.NextAsync();
        attach.What.Should().Be("attach");
        attach.Go();
        await opening;
    }

    [Fact]
    public async Task If_it_is_ended_meanwhile_it_ends_as_soon_as_it_is_open_and_is_taken_out_for_good()
    {
        var client = await EnteredAsync();
        await _node.Get<ConnectionEnder>().HandleAsync(
            new EndConnections(EndConnections.Ended, MayComeBack: true) { Connections = ["new"], Asker = "0193", RequestId = "7" });

        var opening = OpenAsync(client);

        var detach = await _node.Router.NextAsync();
        detach.What.Should().Be("detach");
        detach.Go();
        await opening;
        client.Client.Reason!.Code.Should().Be("ended");
        client.ReadAll().Should().NotContain("Connected");
    }

    [Fact]
    public async Task A_connection_that_was_replaced_is_entered_no_more_when_the_node_looks()
    {
        var old = new PipedConnection("old");
        var attaching = _node.Attachment.AttachAsync(old.Client, []);
        (await _node.Router.NextAsync()).Go();
        await attaching;
        _node.Registry.TryFind(Alice, out var local).Should().BeTrue();

        _ = _node.Get<ConnectionReplacer>().HandleAsync(new ReplaceConnections(["old", "unknown"]));
        await _node.Attachment.CheckAsync(local!);
        (await _node.Attachment.FindChangedAsync([local!])).Should().Equal(local!);

        _node.Router.IsCalled.Should().BeFalse();
        old.Client.Reason.Should().BeNull();
        _node.Time.Advance(ConnectionReplacer.Grace);
        await Eventually.HoldsAsync(() => Task.FromResult(old.Client.Reason?.Code == "replaced"));
    }

    private static ApplyGroups Asked() => new("alice") { Asker = "0193", RequestId = "7" };

    private Task OpenAsync(PipedConnection client) => _node.Opening.OpenAsync(client.Context, client.Client, []);

    private async Task<RoutedMessage> PublishAsync()
    {
        await _node.Router.PublishAsync(new Envelope(Alice, "\"type\":\"t\"}"u8.ToArray()));
        return (await _node.Router.ReadRetainedAsync(Alice, int.MaxValue)).Messages[^1];
    }

    /// <summary>A connection whose request was let in by a secret.</summary>
    private async Task<PipedConnection> EnteredAsync()
    {
        var reconnection = new Reconnection(_node.Get<Departures>(), Alice);
        reconnection.Prepare(
            ("new", new ConnectionDetails { Since = DateTimeOffset.UnixEpoch, Transport = "WebSockets" }), ReconnectSecret.Create("alice"),
            _node.Get<ExpectedUsers>());
        var page = await _node.Router.ReadRetainedAsync(Alice, int.MaxValue);
        reconnection.Complete(
            new Reconnected("old", ReplacedNode: null, "{}"u8.ToArray())
            {
                Entered = new AttachedConnection("new", NodeId.Create(), reconnection.Next!.Details),
                Head = page.Cursor,
            },
            new TokenRecord { Subject = "alice" });
        var request = new HubRequest
        {
            Kind = HubRequestKind.WebSocket,
            Hub = new HubPlace(new SingleUseTokenMetadata(), "/hub"),
            Host = new HostString("localhost"),
            AsksForSecret = true,
            TakesSecrets = true,
        };
        return new PipedConnection("new", asksForHeads: true, admission: Admission.ComingBack(
            request, new Credential(null, null, ReconnectSecret.Create("alice")), reconnection, ConnectionPlace.Unlimited));
    }
}
