using RealtimeHub.Operations.Settings;

namespace RealtimeHub.Routing.Events;

internal static class EventRecordingServiceCollectionExtensions
{
    /// <summary>Records events, if the configuration says of which anybody is told.</summary>
    public static IServiceCollection AddEventRecording(this IServiceCollection services) => services
        .AddValidatedOptions<EventOptions, EventOptionsValidator>(EventOptions.Section)
        .AddValidatedOptions<PresenceOptions, PresenceOptionsValidator>(PresenceOptions.Section);
}
