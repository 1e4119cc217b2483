using System.Diagnostics;
using RealtimeHub.Operations;
using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

/// <summary>
/// The span of a message that is handed to its connections on this node: <c>deliver user</c>. It belongs to the trace of its publisher,
/// to whom it also links. A message without a trace has none.
/// </summary>
internal static class DeliverSpan
{
    public static void Record(ReadOnlySpan<RoutedMessage> messages, int connections)
    {
        if (connections == 0 || !HubSpans.AreWanted)
        {
            return;
        }

        foreach (var message in messages)
        {
            if (TracePlace.Parse(message.TraceParent) is var publisher && publisher != default)
            {
                using var span = HubSpans.BeginMessage(
                    "deliver", ActivityKind.Consumer, KindTag.NameOf(message.Address), publisher, isLinked: true);
                span?.SetTag("messaging.message.id", message.Id.ToString()).SetTag("realtimehub.connections", connections);
            }
        }
    }
}
