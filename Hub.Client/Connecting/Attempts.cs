using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Client.Connecting;

/// <summary>Makes attempts: connects, resumes, and stays with the connection until it is over.</summary>
internal sealed class Attempts(Connector connector, Mailbox mailbox, Resumer resumer, TimeProvider time)
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
            using var over = CancellationTokenSource.CreateLinkedTokenSource(connection.Closed, stop);
            await resumer.BeginAsync(connection.ResumeAsync, over.Token);
            var since = time.GetTimestamp();
            connected();
            var error = await StayAsync(connection, over.Token);
            return new AttemptOutcome(time.GetElapsedTime(since) >= HoldsAfter, error);
        }
        catch (OperationCanceledException)
        {
            return new AttemptOutcome(Held: false, new ConnectionException("The connection closed while it was being opened."));
        }
        catch (Exception failure)
        {
            return new AttemptOutcome(Held: false, PushException.From(failure));
        }
    }

    /// <summary>Returns when the connection is over, or must be given up because it could not resume. The result is the reason.</summary>
    private async Task<PushException?> StayAsync(OpenConnection connection, CancellationToken over)
    {
        try
        {
            await resumer.KeepUpAsync(connection.ResumeAsync, over);
            return null;
        }
        catch (OperationCanceledException)
        {
            return connection.Reason;
        }
        catch (Exception failure)
        {
            return PushException.From(failure);
        }
    }
}
