namespace RealtimeHub.Connections;

/// <summary>Takes users out of the groups that they are in until a time, within a second after it.</summary>
internal sealed class GroupExpiry(LastingMembership lasting, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await lasting.LeaveDueAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped; or given up with a host that could not start, which would take it for a failure.
        }
    }
}
