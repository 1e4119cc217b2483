using RealtimeHub.Client.Joining;
using RealtimeHub.Client.Receipts;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Client.Connecting;

/// <summary>Makes attempts: connects, resumes, and stays until that is over.</summary>
internal sealed class Attempts(
    Connector connector, ReconnectSecret secret, Mailbox mailbox, Resumer resumer, JoinedGroups groups, Renewer renewer, Mover mover,
    ReceiptSender receipts, TimeProvider time)
{
    /// <param name="attempt">How many attempts were made since a connection last held.</param>
    /// <param name="connected">Called when the connection stands and nothing from before it is missing.</param>
    /// <param name="stop">Ends the attempt, or the stay that it brought.</param>
    public async Task<AttemptOutcome> MakeAsync(int attempt, Action connected, CancellationToken stop)
    {
        try
        {
            var connection = await connector.ConnectAsync(attempt, secret, mailbox, stop);
            await using var stay = new Stay(connection, resumer, groups, renewer, mover, receipts, time);
            var reason = await stay.RunAsync(connected, stop);
            secret.ConnectionEnded(reason, stay.LastReceived);
            return new AttemptOutcome(stay.Held, reason);
        }
        catch (Exception failure)
        {
            return new AttemptOutcome(Held: false, PushException.From(failure));
        }
    }
}
