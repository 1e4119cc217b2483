using RealtimeHub.Operations;
using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

/// <summary>Tells connections that keep cursors where the head of an address is, so that those that are behind resume.</summary>
internal sealed partial class HeadNotice(
    CallEncoder calls, DeliveryMetrics metrics, LogSummary summary, ILogger<HeadNotice> logger)
{
    /// <summary>Tells those who are here that messages have passed this node by, or that the log has lost some, and reports it.</summary>
    /// <remarks>They are told the place of the gap, not the head: what lies between is still to be written to them.</remarks>
    public void Report(RoutedMessage gap, ClientConnection[] members)
    {
        metrics.Behind(gap.Address);
        summary.Report(
            nameof(Log.MessagesMissed), gap.Address.ToString(), (count, addresses) => Log.MessagesMissed(logger, count, addresses));
        Send(gap.Address, gap.Id, members);
    }

    /// <summary>Tells some where the head is.</summary>
    public void Send(LocalAddress local, ClientConnection[] members)
    {
        if (local.Head is { } head)
        {
            Send(local.Address, head, members);
        }
    }

    private void Send(Address address, Cursor head, ClientConnection[] members)
    {
        var call = new Outgoing(calls.EncodeHeads([KeyValuePair.Create(address, head)]));
        foreach (var connection in members.Where(member => member.Cursors.AreKept))
        {
            connection.Outbox.Write(call);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Messages to {Addresses} have passed this node by, or are gone ({Count} in all). Their clients are asked to resume.", EventName = "MessagesMissed")]
        public static partial void MessagesMissed(ILogger logger, long count, string addresses);
    }
}
