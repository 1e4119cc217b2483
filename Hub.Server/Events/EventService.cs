using RealtimeHub.Routing.Events;

namespace RealtimeHub.Events;

/// <summary>Runs what records and sends events, if anybody is to be told of them.</summary>
internal sealed class EventService(IServiceProvider services, RecordedEvents recorded) : IHostedService
{
    private IReadOnlyList<IHostedService> _running = [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _running = recorded.OfPresence
            ?
            [
                services.GetRequiredService<EventRecorder>(), services.GetRequiredService<PresenceWatch>(),
                services.GetRequiredService<EventSender>(),
            ]
            : [];
        foreach (var service in _running)
        {
            await service.StartAsync(cancellationToken);
        }
    }

    /// <remarks>First what was recorded at last is written. If it is not sent from here any more, it is from elsewhere.</remarks>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var service in _running)
        {
            await service.StopAsync(cancellationToken);
        }
    }
}
