using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using RealtimeHub.Authentication;
using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

/// <summary>Writes what comes for an address to its connections on this node, in the order of its log.</summary>
internal sealed class FanOut(
    ConnectionRegistry registry, ExpectedUsers expected, HeadNotice notice, DeliveryMetrics metrics,
    RecentDeliveries recent, FollowedUsers followed, TimeProvider time)
{
    /// <summary>
    /// Delivers messages that have come together, or holds them until those before them have come. What is for one client goes out in one
    /// piece, and what one address has next to each other is encoded once for all its clients.
    /// </summary>
    public void Deliver(ReadOnlySpan<RoutedMessage> messages)
    {
        var (now, filled) = (time.GetUtcNow(), default(FilledOutboxes));
        while (!messages.IsEmpty)
        {
            var run = messages[..RunOf(messages)];
            if (TryFind(run, out var local))
            {
                Fill(local, Observe(local, run, now), ref filled);
            }

            messages = messages[run.Length..];
        }

        filled.Flush();
    }

    /// <summary>Takes note of a head as Redis has it. If messages have passed this node by, it tells all who are here.</summary>
    /// <param name="local">The address.</param>
    /// <param name="head">The head.</param>
    /// <param name="asked">The head that this node knew when it asked.</param>
    public void Reconcile(LocalAddress local, Cursor head, Cursor? asked) => Write(local, local.Reconcile(head, asked, time.GetUtcNow()));

    /// <summary>Delivers what was held for too long.</summary>
    public void Release(LocalAddress local) => Write(local, local.Release(time.GetUtcNow()));

    private bool TryFind(ReadOnlySpan<RoutedMessage> run, [NotNullWhen(true)] out LocalAddress? local)
    {
        if (registry.TryFind(run[0].Address, out local))
        {
            return true;
        }

        foreach (var message in run)
        {
            expected.Note(message);
        }

        return registry.TryFind(run[0].Address, out local);
    }

    /// <summary>How many messages from the first on have its address.</summary>
    private static int RunOf(ReadOnlySpan<RoutedMessage> messages)
    {
        var length = 1;
        while (length < messages.Length && messages[length].Address == messages[0].Address)
        {
            length++;
        }

        return length;
    }

    private PendingDelivery? Observe(LocalAddress local, ReadOnlySpan<RoutedMessage> messages, DateTimeOffset now)
    {
        PendingDelivery? first = null;
        foreach (var message in messages)
        {
            if (message.IsGap)
            {
                metrics.GapObserved(local.Address);
            }

            var pending = local.Observe(message, now);
            first ??= pending;
        }

        return first;
    }

    private void NoteSent(Address address, ReadOnlySpan<RoutedMessage> messages, ClientConnection[] members)
    {
        if (!followed.Any)
        {
            return;
        }

        foreach (var message in messages)
        {
            foreach (var member in members)
            {
                followed.Note(member.User?.Name, "sent", $"A message to {address} was sent.", member.Id, message.Id.ToString());
            }
        }
    }

    private void Write(LocalAddress local, PendingDelivery? first)
    {
        var filled = default(FilledOutboxes);
        Fill(local, first, ref filled);
        filled.Flush();
    }

    /// <remarks>Nothing here throws: whoever delivers comes to the end.</remarks>
    private void Fill(LocalAddress local, PendingDelivery? first, ref FilledOutboxes filled)
    {
        for (var next = first; next is { } delivery; next = local.Next())
        {
            if (delivery.Message.IsGap)
            {
                notice.Report(delivery.Message, delivery.Members);
                continue;
            }

            ReadOnlySpan<RoutedMessage> messages =
                local.TakeFollowing(delivery) is { } together ? CollectionsMarshal.AsSpan(together) : [delivery.Message];
            DeliverSpan.Record(messages, delivery.Members.Length);
            var (call, traced) = (Outgoing.Receive(messages), default(Outgoing));
            if (!local.IsCanary)
            {
                metrics.Delivered(local.Address, messages.Length, delivery.Members.Length, call.Size);
                NoteSent(local.Address, messages, delivery.Members);
                recent.Add(local.Address, messages, time.GetUtcNow());
            }

            foreach (var member in delivery.Members)
            {
                filled.Fill(member.Outbox, member.TakesTraces ? traced ??= Outgoing.ReceiveTraced(messages) ?? call : call);
            }
        }
    }
}
