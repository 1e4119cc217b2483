using RealtimeHub.Nodes;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Events;
using RealtimeHub.Routing.Receipts;

namespace RealtimeHub.Receipts;

/// <summary>
/// Tells who awaits the receipt of a message that it is handled: a call at this node or another, and a backend that has events.
/// </summary>
internal sealed class HandledMessages(ReceiptWaits waits, IMessageRouter router, EventRecorder events, NodeId self)
{
    public async Task TellAsync(Address address, AwaitedMessage message)
    {
        if (message.By == AwaitedMessage.Event)
        {
            events.Record(
                address, EventType.MessageHandled, new HandledEvent(message.Id.ToString(), address.ToString(), message.Holder),
                EventJson.Default.HandledEvent);
        }
        else if (message.By == self.Value)
        {
            waits.Complete(address, message.Id, message.Holder);
        }
        else
        {
            await TellAsync(new NodeId(message.By), new NoteHandled(address, message.Id.ToString(), message.Holder));
        }
    }

    /// <summary>Another node has heard that a message is handled.</summary>
    public void Handle(NoteHandled told)
    {
        if (Cursor.TryParse(told.Id, out var id))
        {
            waits.Complete(told.Address, id, told.Holder);
        }
    }

    private async Task TellAsync(NodeId node, NoteHandled told)
    {
        try
        {
            await router.SendCommandAsync(node, told.Write());
        }
        catch (StoreUnavailableException)
        {
            // Who waits there looks once more before it gives up.
        }
    }
}
