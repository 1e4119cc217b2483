using RealtimeHub.Nodes;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Receipts;

namespace RealtimeHub.Receipts;

/// <summary>Tells the call that awaits the receipt of a message, at this node or another, that it is handled.</summary>
internal sealed class HandledMessages(ReceiptWaits waits, IMessageRouter router, NodeId self)
{
    public async Task TellAsync(AwaitedMessage message)
    {
        if (message.By == self.Value)
        {
            waits.Complete(message.Address, message.Id, message.Holder);
        }
        else
        {
            await TellAsync(new NodeId(message.By), new NoteHandled(message.Address, message.Id.ToString(), message.Holder));
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
