using Microsoft.AspNetCore.SignalR;
using RealtimeHub.Authentication;
using RealtimeHub.Delivery;

namespace RealtimeHub.Receipts;

/// <summary>Takes the receipts of clients.</summary>
internal sealed class ClientReceipts(ReceiptBuffer buffer, ReceiptMetrics metrics, FollowedUsers followed)
{
    /// <exception cref="HubException">It cannot be read.</exception>
    public void Take(ClientConnection connection, HandledRequest request)
    {
        if (!ReceiptReader.TryRead(connection, request, out var reports, out var mistake))
        {
            throw new HubException($"receipt_invalid: {mistake}");
        }

        foreach (var (address, report) in reports)
        {
            metrics.Received(report);
            if (followed.Any)
            {
                followed.Note(
                    connection.User?.Name, "handled",
                    report.Failed is null ? $"Handled up to this message of {address}." : $"A handler has failed at {report.Failed} of {address}.",
                    connection.Id, report.UpTo.ToString());
            }
        }

        buffer.Add(reports);
    }
}
