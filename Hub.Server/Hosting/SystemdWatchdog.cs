using System.Globalization;
using Microsoft.Extensions.Hosting.Systemd;

namespace RealtimeHub.Hosting;

/// <summary>Tells systemd that the hub is alive, twice in each <c>WatchdogSec</c> of its unit. Without one it does nothing.</summary>
/// <remarks>
/// A hub hangs when its thread pool does: requests, sockets, and what Redis answers all wait there for a thread. A ping therefore takes
/// the way of any other work, and comes only when the pool has got through what was waiting before it. It asks no more than that: a hub
/// that cannot reach Redis, or has as many connections as it may open files, does not hang, and a restart would cut off its clients.
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
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // What a timer starts overtakes all that waits for a thread. To yield is to go to the end of that line.
            await Task.Yield();
            systemd.Notify(Ping);
        }
    }

    /// <summary>How long systemd waits for a ping; null if it waits for none, or for another process's (sd_watchdog_enabled(3)).</summary>
    private static TimeSpan? Timeout() =>
        long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0
        && (Environment.GetEnvironmentVariable("WATCHDOG_PID") ?? Own) == Own
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
}
