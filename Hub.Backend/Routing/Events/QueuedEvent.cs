namespace RealtimeHub.Routing.Events;

/// <summary>An event that waits.</summary>
/// <param name="Place">Where it stands in the queue of its user.</param>
/// <param name="Event">The event; null if a later version has written it, and it cannot be read.</param>
internal readonly record struct QueuedEvent(string Place, HubEvent? Event);
