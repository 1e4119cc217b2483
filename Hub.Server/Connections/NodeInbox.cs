using RealtimeHub.Delivery;
using RealtimeHub.Routing;

namespace RealtimeHub.Connections;

/// <summary>Takes in what the router has for this node.</summary>
internal sealed class NodeInbox(FanOut fanOut, CommandDispatcher dispatcher, PositionCheck check)
{
    public Inbox ToInbox() => new(fanOut.Deliver, dispatcher.Dispatch, check.MarkStale);
}
