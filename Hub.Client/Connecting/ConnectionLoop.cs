using Microsoft.Extensions.Logging;

namespace RealtimeHub.Client.Connecting;

/// <summary>
/// Keeps a connection open from start to stop: connects, notices when it drops, waits a little, connects again. Used for one run.
/// </summary>
internal sealed partial class ConnectionLoop(
    Uri url, Attempts attempts, ReconnectPolicy policy, TimeProvider time, ILogger logger, ConnectionLoop.Announce announce)
{
    private PushState _retrying = PushState.Connecting;
    private bool _hasWarned;

    /// <summary>Who is told of each step.</summary>
    public delegate void Announce(PushState state, PushException? error = null, TimeSpan? retryIn = null);

    /// <summary>Returns only when it was stopped, the user must sign in again, or the hub does not let the client come back.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var attempt = 0;
        while (!stop.IsCancellationRequested)
        {
            var (held, error) = await attempts.MakeAsync(attempt, Connected, stop);
            if (error is SignInRequiredException or EndedException { MayComeBack: false })
            {
                Log.Stopped(logger, error.Message, error);
                announce(PushState.Stopped, error);
                return;
            }

            Warn(held, error, stop);
            attempt = held ? 0 : attempt;
            await PauseAsync(policy.Delay(attempt), error, stop);
            attempt++;
        }
    }

    private void Connected()
    {
        Log.Connected(logger);
        _retrying = PushState.Reconnecting;
        announce(PushState.Connected);
    }

    /// <summary>Logged once for each time that the client is disconnected, so that the log tells why without being flooded.</summary>
    private void Warn(bool held, PushException? error, CancellationToken stop)
    {
        if (!held && !_hasWarned && !stop.IsCancellationRequested)
        {
            Log.NotConnected(logger, Diagnosis.ShownUrl(url), error?.Message ?? "The hub closed the connection.", error);
        }

        _hasWarned = !held;
    }

    private async Task PauseAsync(TimeSpan delay, PushException? error, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
        {
            return;
        }

        Log.Retrying(logger, delay, error);
        var pause = Task.Delay(delay, time, stop);
        announce(_retrying, error, delay);
        await pause.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        announce(_retrying);
    }

    private static partial class Log
    {
        [LoggerMessage(10, LogLevel.Information, "Connected to the hub.", EventName = "Connected")]
        public static partial void Connected(ILogger logger);

        [LoggerMessage(11, LogLevel.Information, "Not connected to the hub. The next attempt begins in {Delay}.", EventName = "Retrying")]
        public static partial void Retrying(ILogger logger, TimeSpan delay, Exception? reason);

        [LoggerMessage(12, LogLevel.Warning, "Stopped until the client is started again: {Reason}", EventName = "Stopped")]
        public static partial void Stopped(ILogger logger, string reason, Exception error);

        [LoggerMessage(13, LogLevel.Warning, "Cannot connect to the hub at {Address}: {Cause} Attempts go on, and OnState tells of each.", EventName = "NotConnected")]
        public static partial void NotConnected(ILogger logger, string address, string cause, Exception? error);
    }
}
