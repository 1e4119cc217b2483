using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Client.Connecting;

/// <summary>Makes attempts: connects, resumes, and stays with the connection until it is over.</summary>
internal sealed class Attempts(Connector connector, Mailbox mailbox, Resumer resumer, Renewer renewer, TimeProvider time)
{
    /// <summary>
    /// A connection that drops sooner than this counts as a failed attempt. Otherwise clients would attack a hub that drops everyone.
    /// </summary>
    private static readonly TimeSpan HoldsAfter = TimeSpan.FromSeconds(5);

    /// <param name="attempt">How many attempts were made since a connection last held.</param>
    /// <param name="connected">Called when the connection stands and nothing from before it is missing.</param>
    /// <param name="stop">Ends the attempt, or the connection that it brought.</param>
    public async Task<AttemptOutcome> MakeAsync(int attempt, Action connected, CancellationToken stop)
    {
        try
        {
            await using var connection = await connector.ConnectAsync(attempt, mailbox, stop);
            return await StayAsync(connection, connected, stop);
        }
        catch (Exception failure)
        {
            return new AttemptOutcome(Held: false, PushException.From(failure));
        }
    }

    /// <summary>Returns when the connection is over, or must be given up because it could not resume.</summary>
    private async Task<AttemptOutcome> StayAsync(OpenConnection connection, Action connected, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(connection.Closed, stop);
        var renewing = renewer.RunAsync(connection, over.Token);
        long? since = null;
        try
        {
            await resumer.BeginAsync(connection.ResumeAsync, over.Token);
            since = time.GetTimestamp();
            connected();
            await resumer.KeepUpAsync(connection.ResumeAsync, over.Token);
            return default;
        }
        catch (Exception failure)
        {
            var held = since is { } then && time.GetElapsedTime(then) >= HoldsAfter;
            return new AttemptOutcome(held, ReasonOf(connection, failure, hasConnected: since is not null));
        }
        finally
        {
            await over.CancelAsync();
            await renewing;
        }
    }

    /// <summary>What the hub has said comes first; it ends calls that wait for an answer before it ends the connection.</summary>
    private static PushException? ReasonOf(OpenConnection connection, Exception failure, bool hasConnected) =>
        connection.Reason is EndedException end ? end
        : failure is not OperationCanceledException ? PushException.From(failure)
        : hasConnected ? connection.Reason
        : new ConnectionException("The connection closed while it was being opened.");
}
