using System.Globalization;
using Microsoft.Extensions.Hosting.Systemd;

namespace RealtimeHub.Hosting;

/// <summary>Tells systemd that the hub is alive, twice in each <c>WatchdogSec</c> of its unit. Without one it does nothing.</summary>
/// <remarks>
/// A hub hangs when its thread pool does: requests, sockets and answers of Redis all wait for one of its threads. So a ping is queued like
/// any other work, and is sent when the pool has done what was queued before it. It checks nothing else: a hub that cannot reach Redis, or
/// has no file left for another connection, does not hang, and a restart would cut off its clients.
/// </remarks>
internal sealed class SystemdWatchdog(ISystemdNotifier systemd, TimeProvider time) : BackgroundService
{
    private static readonly ServiceState Ping = new("WATCHDOG=1");

    private static string Own => Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (Timeout() is not { } timeout)
        {
            return;
        }

        using var timer = new PeriodicTimer(timeout / 2, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                // The callback of a timer runs ahead of queued work. Yielding puts this at the end of the queue.
                await Task.Yield();
                systemd.Notify(Ping);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped; or given up with a host that could not start, which would take it for a failure.
        }
    }

    /// <summary>How long systemd waits for a ping; null if it expects none from this process (sd_watchdog_enabled(3)).</summary>
    private static TimeSpan? Timeout() =>
        long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0
        && (Environment.GetEnvironmentVariable("WATCHDOG_PID") ?? Own) == Own
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
}
