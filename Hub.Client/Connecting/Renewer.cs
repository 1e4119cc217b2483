using Microsoft.Extensions.Logging;
using RealtimeHub.Client.Handling;
using RealtimeHub.Client.Joining;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Client.Connecting;

/// <summary>Extends a connection with a fresh token before the one that it was opened with expires, or when the hub asks for it.</summary>
internal sealed partial class Renewer(
    TokenProvider tokens, Mailbox mailbox, JoinedGroups groups, ReconnectPolicy policy, HandlerErrors errors, TimeProvider time,
    ILogger logger)
{
    /// <summary>Returns when the connection is over, and never throws.</summary>
    public async Task RunAsync(OpenConnection connection, CancellationToken over)
    {
        try
        {
            while (true)
            {
                await connection.RenewalDueAsync(over);
                await RenewAsync(connection, over);
            }
        }
        catch (Exception) when (over.IsCancellationRequested)
        {
            // The connection is over.
        }
    }

    /// <summary>Tries until the connection is renewed, or nothing but the user can help.</summary>
    private async Task RenewAsync(OpenConnection connection, CancellationToken over)
    {
        for (var attempt = 0; await TryAsync(connection, over) is { } failure; attempt++)
        {
            if (failure is SignInRequiredException or RenewalException { IsFinal: true })
            {
                _ = errors.ReportAsync(failure);
                return;
            }

            var delay = policy.Delay(attempt);
            var pause = Task.Delay(delay, time, over);
            Log.NotRenewed(logger, delay, failure.Message, failure);
            await pause;
        }
    }

    /// <returns>Why it has failed; null if it has not.</returns>
    private async Task<PushException?> TryAsync(OpenConnection connection, CancellationToken over)
    {
        try
        {
            var token = await tokens.GetAsync(over);
            mailbox.Adopt(token.Cursors);
            await connection.RenewAsync(token.Value, over);
            groups.Renewed();
            Log.Renewed(logger);
            return null;
        }
        catch (Exception failure) when (!over.IsCancellationRequested)
        {
            return failure as PushException ?? RenewalException.Of(failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(40, LogLevel.Debug, "The connection is renewed.", EventName = "Renewed")]
        public static partial void Renewed(ILogger logger);

        [LoggerMessage(41, LogLevel.Warning, "The connection is not renewed yet. The next attempt begins in {Delay}. {Reason}", EventName = "NotRenewedYet")]
        public static partial void NotRenewed(ILogger logger, TimeSpan delay, string reason, Exception error);
    }
}
