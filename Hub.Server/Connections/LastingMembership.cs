using RealtimeHub.Delivery;
using RealtimeHub.Nodes;
using RealtimeHub.Operations;
using RealtimeHub.Routing;

namespace RealtimeHub.Connections;

/// <summary>
/// Keeps the connections of this node in the groups that their users are in for long: as a connection opens, as a backend changes them,
/// and as their time is over.
/// </summary>
/// <remarks>
/// Each look at the store has a number, and what a later look has found counts. Whoever changes the groups has the nodes look afterwards,
/// so the last look of each connection knows the last change, in whatever order they come.
/// </remarks>
internal sealed partial class LastingMembership(
    ILastingGroups store, ConnectionRegistry registry, ExpectedUsers expected, GroupMembership groups, LiveGroups live,
    NodeRequests requests, TimeProvider time, LogSummary summary, ILogger<LastingMembership> logger)
{
    private const int FewTimes = 1_024;

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<Address, DateTimeOffset> _due = new();
    private readonly HashSet<(Address User, DateTimeOffset At)> _scheduled = [];
    private long _reads;
    private int _mostTimes = FewTimes;

    /// <summary>How many times are kept at which somebody may have to leave a group.</summary>
    internal int Times
    {
        get
        {
            lock (_lock)
            {
                return _due.Count;
            }
        }
    }

    /// <summary>The number of a look that begins now.</summary>
    public long BeginRead() => Interlocked.Increment(ref _reads);

    /// <summary>Puts a connection that is about to open into the groups that were found as it was attached.</summary>
    public Task EnterAsync(ClientConnection connection, IReadOnlyList<LastingGroup>? found, long read) =>
        groups.FollowAsync(connection, Change(connection, found, read));

    /// <summary>Has an open connection follow what was found as it was attached again.</summary>
    public Task FollowAsync(ClientConnection connection, IReadOnlyList<LastingGroup>? found, long read) =>
        live.FollowAsync(connection, Change(connection, found, read));

    /// <summary>Looks again, as another node asks, and answers when all connections of the user follow.</summary>
    public Task HandleAsync(ApplyGroups asked) => requests.AnswerAsync(asked, () => RefreshAsync(Address.User(asked.User)));

    /// <summary>Takes users out of the groups whose time is over.</summary>
    public async Task LeaveDueAsync() => await Task.WhenAll(TakeDue(time.GetUtcNow()).Distinct().Select(TryRefreshAsync));

    private async Task TryRefreshAsync(Address user)
    {
        try
        {
            await RefreshAsync(user);
        }
        catch (Exception failure)
        {
            // Away, or somebody has put something else under our key: neither may end the looking at the others.
            Log.RefreshFailed(logger, user, failure.Message);
            Schedule(user, time.GetUtcNow() + AfterFailure);
        }
    }

    private async Task RefreshAsync(Address user)
    {
        expected.NoteChange(user);
        if (registry.TryFind(user, out var local))
        {
            var read = BeginRead();
            var found = await store.OfAsync(user);
            await Task.WhenAll(local.Members.Select(connection => FollowAsync(connection, found, read)));
        }
    }

    private GroupChanges Change(ClientConnection connection, IReadOnlyList<LastingGroup>? found, long read)
    {
        if (found is not { Count: > 0 })
        {
            return connection.Change([], read);
        }

        foreach (var until in found.Select(group => group.Until).OfType<DateTimeOffset>().Distinct())
        {
            Schedule(connection.EnteredAt, until);
        }

        var changes = connection.Change([.. found.Select(group => group.Group)], read);
        if (changes.Refused > 0)
        {
            summary.Report(nameof(Log.GroupsFull), $"{connection.EnteredAt}", (count, users) => Log.GroupsFull(logger, count, users));
        }

        return changes;
    }

    private void Schedule(Address user, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (!_scheduled.Add((user, at)))
            {
                return;
            }

            _due.Enqueue(user, at);
            if (_due.Count > _mostTimes)
            {
                LetGoOfGone();
            }
        }
    }

    // Users who have gone leave theirs behind, which may be years ahead. Half of what is looked at has come since the last time.
    private void LetGoOfGone()
    {
        var left = _due.UnorderedItems.Where(due => registry.TryFind(due.Element, out _)).ToList();
        _due.Clear();
        _due.EnqueueRange(left);
        _scheduled.Clear();
        _scheduled.UnionWith(left);
        _mostTimes = Math.Max(FewTimes, 2 * left.Count);
    }

    private List<Address> TakeDue(DateTimeOffset now)
    {
        lock (_lock)
        {
            var due = new List<Address>();
            while (_due.TryPeek(out var user, out var at) && at <= now)
            {
                _due.Dequeue();
                _scheduled.Remove((user, at));
                due.Add(user);
            }

            return due;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2, LogLevel.Debug, "Could not look at the groups of {User} ({Reason}). Trying again.", EventName = "RefreshFailed")]
        public static partial void RefreshFailed(ILogger logger, Address user, string reason);

        [LoggerMessage(1, LogLevel.Warning, "Connections ({Count}) are not in all groups that last for their users, because they are in as many as they may be: {Users}.", EventName = "GroupsFull")]
        public static partial void GroupsFull(ILogger logger, long count, string users);
    }
}
