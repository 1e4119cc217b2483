using Microsoft.AspNetCore.SignalR;
using RealtimeHub.Delivery;

namespace RealtimeHub.Receipts;

/// <summary>Takes the receipts of clients.</summary>
internal sealed class ClientReceipts(ReceiptBuffer buffer, ReceiptMetrics metrics)
{
    /// <exception cref="HubException">It cannot be read.</exception>
    public void Take(ClientConnection connection, HandledRequest request)
    {
        if (!ReceiptReader.TryRead(connection, request, out var reports, out var mistake))
        {
            throw new HubException($"receipt_invalid: {mistake}");
        }

        foreach (var (_, report) in reports)
        {
            metrics.Received(report);
        }

        buffer.Add(reports);
    }
}
