using Microsoft.Extensions.Options;

namespace RealtimeHub.Routing.Events;

/// <summary>Which events are recorded: those of which anybody is told. What is not costs nothing.</summary>
internal sealed class RecordedEvents(IOptions<EventOptions> events, IOptions<PresenceOptions> presence)
{
    /// <summary>What happens to connections.</summary>
    public bool OfConnections => events.Value.IsConfigured;

    /// <summary>That users come and go.</summary>
    public bool OfPresence => events.Value.IsConfigured || presence.Value.IsConfigured;
}
