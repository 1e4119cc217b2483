using System.Diagnostics.Metrics;
using RealtimeHub.Authentication;
using RealtimeHub.Operations;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Events;

namespace RealtimeHub.Delivery;

/// <summary>
/// Counts the connections that end on our side, in <c>realtimehub.connections.ended</c> by code, logs them summed up, with the users
/// they were of, and tells backends.
/// </summary>
internal sealed partial class CloseLog(
    IMeterFactory meters, LogSummary summary, EventRecorder events, CanaryUsers canaries, NodeId node, ILogger<CloseLog> logger)
{
    private readonly Counter<long> _ended = meters.Create(HubMeter.Name).CreateCounter<long>(
        "realtimehub.connections.ended", "{connection}", "Open connections that the hub has ended, by the code of the reason.");

    public void Add(CloseReason reason, ClientConnection connection)
    {
        _ended.Add(1, new KeyValuePair<string, object?>("code", reason.Code));
        summary.Report(
            reason.Event,
            connection.User?.ToString() ?? "nobody",
            (count, users) => Log.ConnectionEnded(logger, count, reason.Code, reason.Sentence, users));
        if (connection.User is { } user && !user.Match(canaries.Contains, _ => false, () => false))
        {
            var told = new ConnectionEvent(connection.Id, node.Value, reason.Code, reason.Sentence, reason.MayComeBack);
            var type = connection.HasOpened ? EventType.ConnectionEnded : EventType.ConnectionRefused;
            events.Record(user, type, told, EventJson.Default.ConnectionEvent);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Information, "Connections were ended ({Count}): {Code}, of {Users}. {Sentence}", EventName = "ConnectionEnded")]
        public static partial void ConnectionEnded(ILogger logger, long count, string code, string sentence, string users);
    }
}
