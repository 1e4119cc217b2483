using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace RealtimeHub.Transport;

/// <summary>
/// Counts the connections of this transport in SignalR's own instruments, with the same tags, so that a dashboard for SignalR sees them.
/// </summary>
/// <remarks><c>https://learn.microsoft.com/aspnet/core/log-mon/metrics/built-in</c>, meter Microsoft.AspNetCore.Http.Connections.</remarks>
internal sealed class TransportMetrics
{
    private static readonly KeyValuePair<string, object?> Transport = new("signalr.transport", "web_sockets");
    private static readonly KeyValuePair<string, object?> NormalClosure = new("signalr.connection.status", "normal_closure");
    private static readonly KeyValuePair<string, object?> AppShutdown = new("signalr.connection.status", "app_shutdown");

    private readonly UpDownCounter<long> _active;
    private readonly Histogram<double> _duration;

    public TransportMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Microsoft.AspNetCore.Http.Connections");
        _active = meter.CreateUpDownCounter<long>(
            "signalr.server.active_connections", "{connection}", "Number of connections that are currently active on the server.");
        _duration = meter.CreateHistogram<double>(
            "signalr.server.connection.duration", "s", "The duration of connections on the server.");
    }

    /// <returns>When it was opened.</returns>
    public long Opened()
    {
        _active.Add(1, Transport);
        return Stopwatch.GetTimestamp();
    }

    public void Closed(long opened, bool isShutdown)
    {
        _active.Add(-1, Transport);
        _duration.Record(Stopwatch.GetElapsedTime(opened).TotalSeconds, isShutdown ? AppShutdown : NormalClosure, Transport);
    }
}
