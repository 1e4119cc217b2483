using Microsoft.Extensions.Options;
using RealtimeHub.Routing.Events;

namespace RealtimeHub.Events;

/// <summary>Runs what records and sends events, if anybody is to be told of them.</summary>
internal sealed class EventService(IServiceProvider services, IOptions<EventOptions> options) : IHostedService
{
    private IReadOnlyList<IHostedService> _running = [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _running = options.Value.IsConfigured
            ? [services.GetRequiredService<EventRecorder>(), services.GetRequiredService<EventSender>()]
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
