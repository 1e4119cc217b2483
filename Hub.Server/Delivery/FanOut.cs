using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

/// <summary>Writes what comes for an address to its connections on this node, in the order of its log.</summary>
internal sealed class FanOut(ConnectionRegistry registry, HeadNotice notice, TimeProvider time)
{
    /// <summary>Delivers a message, or holds it until those before it have come.</summary>
    public void Deliver(RoutedMessage message)
    {
        if (registry.TryFind(message.Address, out var local))
        {
            Write(local, local.Observe(message, time.GetUtcNow()));
        }
    }

    /// <summary>Takes note of a head as Redis has it. If messages have passed this node by, it tells all who are here.</summary>
    /// <param name="local">The address.</param>
    /// <param name="head">The head.</param>
    /// <param name="asked">The head that this node knew when it asked.</param>
    public void Reconcile(LocalAddress local, Cursor head, Cursor? asked) => Write(local, local.Reconcile(head, asked, time.GetUtcNow()));

    /// <summary>Delivers what was held for too long.</summary>
    public void Release(LocalAddress local) => Write(local, local.Release(time.GetUtcNow()));

    /// <remarks>Nothing here throws: whoever delivers comes to the end.</remarks>
    private void Write(LocalAddress local, PendingDelivery? first)
    {
        for (var next = first; next is var (message, members); next = local.Next())
        {
            if (message.IsGap)
            {
                notice.Report(message, members);
                continue;
            }

            var call = Outgoing.Receive(message);
            foreach (var member in members)
            {
                member.Outbox.Write(call);
            }
        }
    }
}
