using RealtimeHub.Redis;
using RealtimeHub.Routing.Events;

namespace RealtimeHub.Events;

/// <summary>Looks once a second whether users have gone for good.</summary>
internal sealed class PresenceWatch(IPresence presence, TimeProvider time) : BackgroundService
{
    private const int AtOnce = 256;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(BetweenLooks, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task LookAsync(CancellationToken stopping)
    {
        try
        {
            while (await presence.ConcludeAsync(AtOnce) == AtOnce && !stopping.IsCancellationRequested)
            {
                // There are more.
            }
        }
        catch (StoreUnavailableException)
        {
            // RedisConnection logs it. They leave when it is back.
        }
    }
}
