using RealtimeHub.Operations;
using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

/// <summary>Tells connections that keep cursors where the head of an address is, so that those that are behind resume.</summary>
internal sealed partial class HeadNotice(CallEncoder calls, LogSummary summary, ILogger<HeadNotice> logger)
{
    /// <summary>Takes note of a head as Redis has it. If messages have passed this node by, it tells all who are here.</summary>
    /// <param name="local">The address.</param>
    /// <param name="head">The head.</param>
    /// <param name="observedBefore">How many messages the node had observed when it asked.</param>
    public void Reconcile(LocalAddress local, Cursor head, long observedBefore)
    {
        if (local.Reconcile(head, observedBefore))
        {
            summary.Report(nameof(Log.MessagesMissed), local.Address.ToString(), (count, addresses) => Log.MessagesMissed(logger, count, addresses));
            Send(local, local.Members);
        }
    }

    /// <summary>Tells some where the head is.</summary>
    public void Send(LocalAddress local, ClientConnection[] members)
    {
        if (local.Head is not { } head)
        {
            return;
        }

        var call = new Outgoing(calls.Encode("Heads", new Dictionary<string, string> { [local.Address.ToString()] = head.ToString() }));
        foreach (var connection in members.Where(member => member.KeepsCursors))
        {
            connection.Outbox.Write(call);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Messages to {Addresses} have passed this node by ({Count} in all). Their clients are asked to resume.", EventName = "MessagesMissed")]
        public static partial void MessagesMissed(ILogger logger, long count, string addresses);
    }
}
