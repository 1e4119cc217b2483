namespace RealtimeHub.Redis;

/// <summary>
/// Sends together what is asked for at the same time: while two volleys are under way, what comes waits for the next. Where there are many, one
/// write, one wake-up of Redis and one answer serve several; where there are few, nobody waits, and never for longer than Redis takes to answer.
/// </summary>
/// <param name="isCluster">Whether there are several primaries: then nothing waits, or one that does not answer would hold up all the others.</param>
internal sealed class Volleys(Func<bool> isCluster)
{
    private const int AtOnce = 2;

    private readonly Lock _lock = new();
    private List<Shot> _waiting = [];
    private int _underWay;

    /// <summary>Sends a command now, or with the next volley, behind those that came before it.</summary>
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
                var shot = new Shot<T>(send);
                _waiting.Add(shot);
                return shot.Answer;
            }

            _underWay++;
        }

        var sent = send();
        _ = GoOnAsync(sent);
        return sent;
    }

    /// <remarks>One primary answers in the order of the commands, so the last of a volley ends it.</remarks>
    private async Task GoOnAsync(Task last)
    {
        await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (TakeWaiting() is { Count: > 0 } volley)
        {
            foreach (var shot in volley)
            {
                last = shot.Send();
            }

            await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private List<Shot> TakeWaiting()
    {
        lock (_lock)
        {
            var volley = _waiting;
            _waiting = volley.Count > 0 ? [] : volley;
            _underWay -= volley.Count > 0 ? 0 : 1;
            return volley;
        }
    }

    private abstract class Shot
    {
        /// <summary>Sends the command. What is returned ends with its answer, and never throws at once.</summary>
        public abstract Task Send();
    }

    private sealed class Shot<T>(Func<Task<T>> send) : Shot
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
