using RealtimeHub.Routing;
using RealtimeHub.Routing.Events;

namespace RealtimeHub.Events;

/// <summary>Where events go to.</summary>
internal interface IEventSink
{
    /// <summary>Gives it an event, which it may have had before.</summary>
    /// <returns>Why it has not taken it; null if it has.</returns>
    Task<EventFault?> TakeAsync(Address user, HubEvent told);
}
