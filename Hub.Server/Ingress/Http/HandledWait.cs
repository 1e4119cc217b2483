using RealtimeHub.Presence;
using RealtimeHub.Receipts;
using RealtimeHub.Routing;

namespace RealtimeHub.Ingress.Http;

/// <summary>Waits until a message that was just published is handled, and says how far it came.</summary>
internal sealed class HandledWait(ReceiptWaits waits, IConnections connections)
{
    public async Task<PublishedMessage> ForAsync(Address user, string id, TimeSpan limit, CancellationToken cancellationToken)
    {
        _ = Cursor.TryParse(id, out var message);
        return await waits.WaitAsync(user, message, limit, cancellationToken) is { } device
            ? new PublishedMessage(id) { Handled = true, Device = device }
            : new PublishedMessage(id) { Handled = false, Connections = (await connections.GetAsync(user.Name)).Connections.Count };
    }
}
