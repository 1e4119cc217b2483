namespace RealtimeHub.Redis;

/// <summary>
/// Sends together what is asked for at the same time: while two groups are under way, what comes waits for the next. Where there are many, one
/// write, one wake-up of Redis and one answer serve several; where there are few, nobody waits, and never for longer than Redis takes to answer.
/// </summary>
/// <param name="isCluster">Whether there are several primaries: then nothing waits, or one that does not answer would hold up all the others.</param>
internal sealed class GroupCommit(Func<bool> isCluster)
{
    private const int AtOnce = 2;

    private readonly Lock _lock = new();
    private List<Pending> _waiting = [];
    private int _underWay;

    /// <summary>Sends a command now, or with the next group, behind those that came before it.</summary>
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

    /// <remarks>One primary answers in the order of the commands, so the last of a group ends it.</remarks>
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
        /// <summary>Sends the command. What is returned ends with its answer, and never throws at once.</summary>
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
