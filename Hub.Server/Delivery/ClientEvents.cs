using RealtimeHub.Routing;
using RealtimeHub.Routing.Events;

namespace RealtimeHub.Delivery;

/// <summary>What happens to the connections of this node, for backends that want to know. One without a user is nobody's.</summary>
internal sealed class ClientEvents(EventRecorder recorder, NodeId node)
{
    /// <summary>The hub ends a connection, or does not let it open.</summary>
    public void Ended(ClientConnection connection, CloseReason reason)
    {
        if (connection.User is { } user)
        {
            recorder.Record(
                user, connection.HasOpened ? EventType.ConnectionEnded : EventType.ConnectionRefused,
                new ConnectionEvent(connection.Id, node.Value, reason.Code, reason.Sentence, reason.MayComeBack),
                EventJson.Default.ConnectionEvent);
        }
    }

    /// <summary>Its client is told that messages are gone for it.</summary>
    public void Lost(ClientConnection connection, IReadOnlyList<string> addresses)
    {
        if (connection.User is { } user)
        {
            recorder.Record(
                user, EventType.MessageLost, new LossEvent(connection.Id, node.Value, addresses), EventJson.Default.LossEvent);
        }
    }
}
