using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

/// <summary>A message, and the connections that were at its address when this node took note of it.</summary>
internal readonly record struct PendingDelivery(RoutedMessage Message, ClientConnection[] Members);
