using RealtimeHub.Delivery;
using RealtimeHub.Nodes;

namespace RealtimeHub.Control;

/// <summary>Has connections of this node renewed, as another asks, and ends those that are not.</summary>
internal sealed class ConnectionRenewer(
    ConnectionRegistry registry, NodeRequests requests, ConnectionEnder ender, CallEncoder calls, TimeProvider time)
{
    /// <summary>Tells them, and tells who has asked how many there were.</summary>
    public Task HandleAsync(RenewConnections asked) =>
        requests.TellAsync(asked, () => new RenewalAnswer(Tell(asked)), NodeCommandJson.Default.RenewalAnswer);

    private int Tell(RenewConnections asked)
    {
        ClientConnection[] told =
        [
            .. asked.Connections.Select(ender.Find).OfType<ClientConnection>()
                .Where(connection => connection.Details.Epoch < asked.Epoch),
        ];
        var call = new Outgoing(calls.Encode("Renew", new RenewCall(asked.WithinSeconds)));
        foreach (var connection in told)
        {
            connection.RenewsTo = asked.Epoch;

            // Who has not asked for such calls does not know this one.
            if (connection.Details.SecretHash is not null)
            {
                connection.Outbox.Write(call);
            }
        }

        _ = EndLeftAsync(told, asked);
        return told.Length;
    }

    private async Task EndLeftAsync(ClientConnection[] told, RenewConnections asked)
    {
        await Task.Delay(TimeSpan.FromSeconds(asked.WithinSeconds), time);
        ender.End(
            [.. told.Where(connection => connection.Details.Epoch < asked.Epoch && registry.TryFind(connection.Id, out _))],
            CloseReason.RenewalMissed);
    }
}
