namespace RealtimeHub.Redis;

/// <summary>
/// Group commit: while two groups of commands are in flight, further commands wait and are sent together as the next group. Under load one
/// write and one wake-up of Redis serve several commands; without load nothing waits, and never longer than Redis takes to answer.
/// </summary>
/// <param name="isCluster">Whether there are several primaries: then nothing waits, or one that does not answer would hold up all the
/// others.</param>
internal sealed class GroupCommit(Func<bool> isCluster)
{
    private const int AtOnce = 2;

    private readonly Lock _lock = new();
    private List<Pending> _waiting = [];
    private int _underWay;

    /// <summary>Sends a command now or with the next group, in the order of the calls.</summary>
    /// <param name="send">Hands the command to the multiplexer, and returns what it is answered.</param>
    public Task<T> SendAsync<T>(Func<Task<T>> send)
    {
        if (isCluster())
        {
            return send();
        }

        lock (_lock)
        {
            if (_underWay == AtOnce)
            {
                var pending = new Pending<T>(send);
                _waiting.Add(pending);
                return pending.Answer;
            }

            _underWay++;
        }

        var sent = send();
        _ = GoOnAsync(sent);
        return sent;
    }

    /// <remarks>One primary answers in the order of the commands, so a group is over when its last command is answered.</remarks>
    private async Task GoOnAsync(Task last)
    {
        await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (TakeWaiting() is { Count: > 0 } group)
        {
            foreach (var pending in group)
            {
                last = pending.Send();
            }

            await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private List<Pending> TakeWaiting()
    {
        lock (_lock)
        {
            var group = _waiting;
            _waiting = group.Count > 0 ? [] : group;
            _underWay -= group.Count > 0 ? 0 : 1;
            return group;
        }
    }

    private abstract class Pending
    {
        /// <summary>Sends the command. The task ends with its answer; the method itself never throws.</summary>
        public abstract Task Send();
    }

    private sealed class Pending<T>(Func<Task<T>> send) : Pending
    {
        private readonly TaskCompletionSource<Task<T>> _sent = new();

        public Task<T> Answer => _sent.Task.Unwrap();

        public override Task Send()
        {
            var answer = send();
            _sent.SetResult(answer);
            return answer;
        }
    }
}
