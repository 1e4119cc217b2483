using RealtimeHub.Delivery;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Connections;

/// <summary>What becomes of a connection that is attached while its user is ended, in whatever order the steps of the two come.</summary>
public sealed class EndedAttachTests : IAsyncLifetime
{
    private static readonly Address Alice = Address.User("alice");

    private readonly SteppedNode _node = new();

    /// <summary>The orders of three steps of the one (A) and three of the other (E).</summary>
    public static TheoryData<string, bool> Orders
    {
        get
        {
            var orders = new TheoryData<string, bool>();
            foreach (var steps in Enumerable.Range(0, 1 << 6).Where(steps => int.PopCount(steps) == 3))
            {
                var order = string.Concat(Enumerable.Range(0, 6).Select(step => (steps >> step & 1) == 1 ? 'A' : 'E'));
                orders.Add(order, false);
                orders.Add(order, true);
            }

            return orders;
        }
    }

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

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task It_is_refused_or_found_and_gets_nothing_after_the_end(string order, bool asksForHeads)
    {
        _node.Router.HoldsAnswers = true;
        var client = new PipedConnection(asksForHeads: asksForHeads, isOpen: false);
        IReadOnlyList<AttachedConnection> found = [];
        var isRefused = false;
        var opening = Task.CompletedTask;
        DirectoryCall? call = null;
        var attach = new Queue<Func<Task>>([BeginAsync, EnterAsync, TakeAnswerAsync]);
        var end = new Queue<Func<Task>>([RaiseAsync, FindAsync, EndAsync]);

        foreach (var step in order)
        {
            await (step == 'A' ? attach : end).Dequeue()();
        }

        client.Client.Reason!.Code.Should().Be("ended");
        found.Count.Should().Be(isRefused ? 0 : 1);
        client.ReadAll().Should().NotContain("after the end");
        if (isRefused)
        {
            _node.Registry.TryFind(client.Client.Id, out _).Should().BeFalse();
            _node.Registry.Everyone.Members.Should().BeEmpty();
            (await _node.Router.Directory.ConnectionsOfAsync([Alice])).Single().Should().BeEmpty();
        }

        async Task BeginAsync()
        {
            opening = _node.Opening.OpenAsync(client.Context, client.Client, []);
            call = await _node.Router.NextAsync();
        }

        async Task EnterAsync()
        {
            isRefused = await _node.Router.Epochs.LastAsync(Alice) > 0;
            call!.Go();
            call = await _node.Router.NextAsync();
        }

        async Task TakeAnswerAsync()
        {
            call!.Go();
            if (isRefused)
            {
                (await _node.Router.NextAsync()).Go();
            }

            await opening.WaitAsync(TimeSpan.FromSeconds(30));
        }

        Task RaiseAsync() => _node.Router.Epochs.RaiseAsync(Alice);

        async Task FindAsync() => found = (await _node.Router.Directory.ConnectionsOfAsync([Alice])).Single();

        Task EndAsync()
        {
            foreach (var connection in found)
            {
                _node.Registry.TryFind(connection.Id, out var here).Should().BeTrue();
                here!.Shut(CloseReason.Ended());
            }

            client.Client.Outbox.Write(new Outgoing("after the end"u8.ToArray()));
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task One_that_has_time_to_renew_is_not_ended_because_the_node_looks_but_is_when_its_user_is_banned()
    {
        var client = new PipedConnection();
        var attaching = _node.Attachment.AttachAsync(client.Client, []);
        (await _node.Router.NextAsync()).Go();
        (await attaching).Should().BeTrue();
        client.Client.RenewsTo = await _node.Router.Epochs.RaiseAsync(Alice);
        _node.Registry.TryFind(Alice, out var local).Should().BeTrue();

        await CheckAsync();
        client.Client.Reason.Should().BeNull();

        await _node.Router.Epochs.BanAsync(Alice, DateTimeOffset.MaxValue);
        await CheckAsync();
        client.Client.Reason!.Code.Should().Be("banned");

        async Task CheckAsync()
        {
            var checking = _node.Attachment.CheckAsync(local!);
            (await _node.Router.NextAsync()).Go();
            await checking;
        }
    }

    [Fact]
    public async Task One_that_Redis_has_lost_while_its_user_was_ended_is_ended_when_the_node_looks()
    {
        var client = new PipedConnection();
        var attaching = _node.Attachment.AttachAsync(client.Client, []);
        (await _node.Router.NextAsync()).Go();
        (await attaching).Should().BeTrue();
        _node.Router.Directory.Remove(Alice, client.Client.Id, isForGood: false);
        await _node.Router.Epochs.RaiseAsync(Alice);

        _node.Registry.TryFind(Alice, out var local).Should().BeTrue();
        var checking = _node.Attachment.CheckAsync(local!);
        (await _node.Router.NextAsync()).Go();
        await checking;

        client.Client.Reason!.Code.Should().Be("ended");
        (await _node.Router.Directory.ConnectionsOfAsync([Alice])).Single().Should().BeEmpty();
    }
}
