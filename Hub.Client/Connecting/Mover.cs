using Microsoft.Extensions.Logging;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Client.Connecting;

/// <summary>Opens the connection that follows one whose node is about to stop, while that one is still open.</summary>
internal sealed partial class Mover(
    Connector connector, ReconnectSecret secret, Mailbox mailbox, ReconnectPolicy policy, TimeProvider time, ILogger logger)
{
    /// <summary>Returns when there is a connection that follows, or when there will be none. Never throws.</summary>
    /// <param name="connection">The one that is open.</param>
    /// <param name="over">Cancelled when that is over. An attempt under way is finished then, and none follows it.</param>
    /// <param name="stop">Ends the attempt too.</param>
    /// <returns>The connection that follows, open; null if there is none.</returns>
    public async Task<OpenConnection?> MoveAsync(OpenConnection connection, CancellationToken over, CancellationToken stop)
    {
        try
        {
            await connection.MoveAskedAsync(over);
            Log.MoveAsked(logger);
            for (var attempt = 0; secret.Value is not null; attempt++)
            {
                connection.IsMoving = true;
                if (await TryAsync(attempt, stop) is { } next)
                {
                    return next;
                }

                await Task.Delay(policy.Delay(attempt), time, over);
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, time, over);
        }
        catch (Exception) when (over.IsCancellationRequested)
        {
            // It is over.
        }

        return null;
    }

    private async Task<OpenConnection?> TryAsync(int attempt, CancellationToken stop)
    {
        try
        {
            var next = await connector.MoveAsync(attempt, secret, mailbox, stop);
            Log.Moved(logger);
            return next;
        }
        catch (PushException failure)
        {
            Log.NotMoved(logger, failure.Message, failure);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(50, LogLevel.Information, "The hub's node is about to stop: moved to another connection.", EventName = "Moved")]
        public static partial void Moved(ILogger logger);

        [LoggerMessage(51, LogLevel.Information, "The hub's node is about to stop, and no other connection has opened yet: {Reason}", EventName = "NotMoved")]
        public static partial void NotMoved(ILogger logger, string reason, Exception error);

        [LoggerMessage(52, LogLevel.Debug, "The hub's node is about to stop, and asks the client to move.", EventName = "MoveAsked")]
        public static partial void MoveAsked(ILogger logger);
    }
}
