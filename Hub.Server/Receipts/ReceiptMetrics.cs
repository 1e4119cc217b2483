using System.Diagnostics.Metrics;
using RealtimeHub.Operations;
using RealtimeHub.Routing.Receipts;

namespace RealtimeHub.Receipts;

/// <summary>What clients say of what they have handled, in <c>realtimehub.receipts</c>.</summary>
internal sealed class ReceiptMetrics(IMeterFactory meters)
{
    private static readonly KeyValuePair<string, object?> Handled = new("outcome", "handled");
    private static readonly KeyValuePair<string, object?> Failed = new("outcome", "failed");

    private readonly Counter<long> _receipts = meters.CreateHubMeter().CreateCounter<long>(
        "realtimehub.receipts", "{receipt}", "Receipts of clients: how far they have handled an address, or that a handler has failed there.");

    public void Received(HandledReport report) => _receipts.Add(1, report.Failed is null ? Handled : Failed);
}
