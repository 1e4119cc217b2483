namespace RealtimeHub.Client.Joining;

/// <summary>The groups that one connection has joined, by address.</summary>
internal sealed class Membership(GroupCalls calls, TimeProvider time)
{
    private readonly HashSet<string> _joined = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _hasJoined = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where only the hub's answer will tell.</summary>
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>Where the hub has to be asked once more.</summary>
    private readonly HashSet<string> _stale = new(StringComparer.Ordinal);

    public GroupCalls Calls => calls;

    public CallRate Rate { get; } = new(time);

    /// <summary>Completes when the connection is in all the groups that were wanted as it opened.</summary>
    public Task Joined => _hasJoined.Task;

    public void SetJoined() => _hasJoined.TrySetResult();

    /// <summary>Whether it is known to be in a group, or known not to be.</summary>
    public bool Is(bool isIn, string address) =>
        _joined.Contains(address) == isIn && !_asked.Contains(address) && !_stale.Contains(address);

    /// <summary>The hub is asked. Until it has answered nobody knows, and if it does not answer neither.</summary>
    public void Ask(string address)
    {
        _stale.Remove(address);
        _asked.Add(address);
    }

    public void Answered(bool isIn, string address)
    {
        _asked.Remove(address);
        _ = isIn ? _joined.Add(address) : _joined.Remove(address);
    }

    /// <summary>
    /// The hub may have taken it out of any of them, also of one whose answer is under way. To join once more is no mistake, and tells.
    /// </summary>
    public void Expire()
    {
        _stale.UnionWith(_joined);
        _stale.UnionWith(_asked);
    }
}
