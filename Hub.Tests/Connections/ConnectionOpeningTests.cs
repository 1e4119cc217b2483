using RealtimeHub.Connections;
using RealtimeHub.Delivery;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Connections;

/// <summary>What a client that has asked for heads is told, and in which order, whatever happens while it is attached.</summary>
public sealed class ConnectionOpeningTests : IAsyncLifetime
{
    private static readonly Address Alice = Address.User("alice");
    private static readonly Address Room = Address.Group("room");

    private readonly SteppedNode _node = new();
    private readonly PipedConnection _client = new(asksForHeads: true);

    public async Task InitializeAsync()
    {
        var starting = _node.Check.StartAsync();
        (await NextAsync("head", Address.Everyone)).Go();
        await starting;
    }

    public async Task DisposeAsync()
    {
        await _node.Check.StopAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task It_is_told_the_heads_of_its_user_its_groups_and_everyone_in_one_call_and_nothing_before_it()
    {
        var (user, room) = (await PublishAsync(Alice), await PublishAsync(Room));

        var opening = OpenAsync(_client, Room);
        var attaches = new[] { await _node.Router.NextAsync(), await _node.Router.NextAsync() };
        _client.Read().Should().BeEmpty();
        Array.ForEach(attaches, attach => attach.Go());
        await opening;

        _client.ReadAll().Should().Be(Heads((Alice, user.Id), (Address.Everyone, _node.Registry.Everyone.Head!.Value), (Room, room.Id)));
        _client.IsHeld.Should().BeFalse();
    }

    [Fact]
    public async Task A_message_that_comes_between_its_joining_and_the_telling_comes_behind_the_heads_and_is_not_among_them()
    {
        var before = await PublishAsync(Alice);
        var opening = OpenAsync(_client);
        var attach = await NextAsync("attach", Alice);
        var (first, second) = (await PublishAsync(Alice), await PublishAsync(Alice));
        _node.FanOut.Deliver([first]);
        _node.FanOut.Deliver([second]);

        // What the directory answers is the head after them.
        attach.Go();
        await opening;

        _client.ReadAll().Should().Match($"*\"Heads\"*\"user:alice\":\"{before.Id}\"*\"Receive\"*\"id\":\"{first.Id}\"*\"Receive\"*\"id\":\"{second.Id}\"*")
            .And.NotContain($"\"user:alice\":\"{second.Id}\"");
    }

    [Fact]
    public async Task Where_others_of_its_user_are_it_is_told_the_head_of_the_moment_in_which_it_joined()
    {
        var before = await PublishAsync(Alice);
        await AttachAsync(new PipedConnection("other"));
        var opening = OpenAsync(_client);
        var attach = await NextAsync("attach", Alice);
        var between = await PublishAsync(Alice);
        _node.FanOut.Deliver([between]);

        attach.Go();
        await opening;

        _client.ReadAll().Should().Match($"*\"Heads\"*\"user:alice\":\"{before.Id}\"*\"Receive\"*\"id\":\"{between.Id}\"*");
    }

    [Fact]
    public async Task Of_two_that_come_at_once_the_second_is_told_the_head_that_the_first_was_answered()
    {
        var before = await PublishAsync(Alice);
        var second = new PipedConnection("second", asksForHeads: true);
        var (opening, openingSecond) = (OpenAsync(_client), OpenAsync(second));
        var (attach, attachSecond) = (await NextAsync("attach", Alice), await NextAsync("attach", Alice));
        attach.Go();
        await opening;
        var between = await PublishAsync(Alice);
        _node.FanOut.Deliver([between]);

        attachSecond.Go();
        await openingSecond;

        second.ReadAll().Should().Match($"*\"Heads\"*\"user:alice\":\"{before.Id}\"*\"Receive\"*\"id\":\"{between.Id}\"*");
    }

    [Fact]
    public async Task Of_what_has_passed_the_node_by_it_is_told_behind_the_heads()
    {
        var before = await PublishAsync(Alice);
        await AttachAsync(new PipedConnection("other"));
        var missed = await PublishAsync(Alice);

        var opening = OpenAsync(_client);
        (await NextAsync("attach", Alice)).Go();
        await opening;

        _client.ReadAll().Should().Match($"*\"Heads\"*\"user:alice\":\"{before.Id}\"*\"Heads\"*\"user:alice\":\"{missed.Id}\"*");
    }

    [Fact]
    public async Task A_group_into_which_it_is_put_meanwhile_is_among_the_heads()
    {
        var room = await PublishAsync(Room);
        var opening = OpenAsync(_client);
        var attach = await NextAsync("attach", Alice);
        var joining = _node.Groups.JoinAsync(_client.Client, Room, GroupSources.Host);
        (await NextAsync("attach", Room)).Go();
        await joining;

        attach.Go();
        await opening;

        _client.ReadAll().Should().Match($"*\"Heads\"*\"group:room\":\"{room.Id}\"*");
    }

    [Fact]
    public async Task A_group_that_is_still_being_attached_for_another_is_looked_up()
    {
        var room = await PublishAsync(Room);
        var opening = OpenAsync(_client);
        var attach = await NextAsync("attach", Alice);
        var joining = _node.Groups.JoinAsync(_client.Client, Room, GroupSources.Host);
        var attachRoom = await NextAsync("attach", Room);
        attach.Go();
        (await NextAsync("head", Room)).Go();
        await opening;

        _client.ReadAll().Should().Match($"*\"Heads\"*\"group:room\":\"{room.Id}\"*");
        attachRoom.Go();
        await joining;
    }

    [Fact]
    public async Task The_answer_to_its_handshake_waits_three_seconds_and_then_goes_alone_and_the_heads_are_still_ahead_of_all_else()
    {
        var opening = OpenAsync(_client);
        var attach = await NextAsync("attach", Alice);
        var message = await PublishAsync(Alice);
        _node.FanOut.Deliver([message]);
        _client.IsHeld.Should().BeTrue();

        _node.Time.Advance(ConnectionOpening.LongestHold);

        await Eventually.HoldsAsync(() => Task.FromResult(!_client.IsHeld));
        await Eventually.HoldsAsync(() => Task.FromResult(_client.Read() == "{\"type\":6}\u001e"));
        attach.Go();
        await opening;
        _client.ReadAll().Should().Match($"{{\"type\":1,\"target\":\"Heads\"*\"Receive\"*\"id\":\"{message.Id}\"*");
    }

    [Fact]
    public async Task A_reason_to_go_is_told_at_once_and_no_heads_come_after_it()
    {
        var opening = OpenAsync(_client);
        var attach = await NextAsync("attach", Alice);

        _client.Client.Close(CloseReason.NodeStopping);

        _client.IsHeld.Should().BeFalse();
        _client.ReadAll().Should().StartWith("""{"type":7,"error":"node_stopping: """);
        attach.Go();
        await opening;
        _client.ReadAll().Should().BeEmpty();
    }

    [Fact]
    public async Task Who_cannot_be_attached_is_told_no_heads()
    {
        var opening = OpenAsync(_client);

        (await NextAsync("attach", Alice)).Fail(new StoreUnavailableException(new TimeoutException()));

        await opening.Invoking(task => task).Should().ThrowAsync<StoreUnavailableException>();
        _client.ReadAll().Should().BeEmpty();
    }

    [Fact]
    public async Task Who_has_not_asked_is_told_nothing_and_gets_a_message_as_soon_as_it_is_attached()
    {
        var stock = new PipedConnection("stock", isOpen: false);
        var opening = OpenAsync(stock);
        var attach = await NextAsync("attach", Alice);
        var message = await PublishAsync(Alice);

        _node.FanOut.Deliver([message]);

        stock.ReadAll().Should().BeEmpty();
        attach.Go();
        await opening;
        stock.ReadAll().Should().StartWith("""{"type":1,"target":"Receive",""");
    }

    private static string Heads(params (Address Address, Cursor Head)[] heads) =>
        "{\"type\":1,\"target\":\"Heads\",\"arguments\":[{"
        + string.Join(',', heads.Select(head => $"\"{head.Address}\":\"{head.Head}\"")) + "}]}\u001e";

    private Task OpenAsync(PipedConnection connection, params Address[] groups) =>
        _node.Opening.OpenAsync(connection.Context, connection.Client, groups);

    private async Task AttachAsync(PipedConnection connection)
    {
        var attaching = _node.Attachment.AttachAsync(connection.Client, []);
        (await NextAsync("attach", Alice)).Go();
        await attaching;
    }

    private async Task<DirectoryCall> NextAsync(string what, Address address)
    {
        var call = await _node.Router.NextAsync();
        (call.What, call.Address).Should().Be((what, address));
        return call;
    }

    /// <summary>Publishes a message, which passes the node by.</summary>
    private async Task<RoutedMessage> PublishAsync(Address address)
    {
        var id = await _node.Router.PublishAsync(new Envelope(address, "}"u8.ToArray()));
        var page = await _node.Router.ReadRetainedAsync(address, int.MaxValue);
        return page.Messages.Single(message => message.Id == id);
    }
}
