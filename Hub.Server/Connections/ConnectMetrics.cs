using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.SignalR;
using RealtimeHub.Authentication;
using RealtimeHub.Delivery;
using RealtimeHub.Operations;

namespace RealtimeHub.Connections;

/// <summary>What becomes of those who are let in, and how long it takes until messages reach them. By the machine's clock.</summary>
internal sealed class ConnectMetrics
{
    private readonly Histogram<double> _connect;
    private readonly Histogram<double> _attach;

    public ConnectMetrics(IMeterFactory meters)
    {
        var meter = meters.CreateHubMeter();
        _connect = meter.CreateDuration(
            "realtimehub.connect.duration",
            "From the request that opens a connection until its messages come, or until it is ended because it could not be opened.");
        _attach = meter.CreateDuration(
            "realtimehub.attach.duration", "How long it takes to enter a connection in the directory, with all its groups.");
    }

    /// <summary>A connection was opened, or could not be.</summary>
    public void Connected(ClientConnection connection)
    {
        if (_connect.Enabled && connection.Context.GetHttpContext() is { } http && Admission.Of(http) is { } admission)
        {
            var outcome = connection.HasOpened ? "opened" : connection.Reason?.Code ?? "failed";
            Record(_connect, admission.Request.Since, outcome);
        }
    }

    /// <param name="begun">When it began, as <see cref="Stopwatch"/> counts.</param>
    /// <param name="isAttached">Whether the connection is in the directory; null if the store did not answer.</param>
    public void Attached(long begun, bool? isAttached) =>
        Record(_attach, begun, isAttached switch { true => "attached", false => "refused", _ => "failed" });

    private static void Record(Histogram<double> duration, long since, string outcome) =>
        duration.Record(Stopwatch.GetElapsedTime(since).TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
}
