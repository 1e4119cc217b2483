using System.Diagnostics.Metrics;
using RealtimeHub.Operations;

namespace RealtimeHub.Delivery;

/// <summary>
/// Counts the connections that end on our side, in <c>realtimehub.connections.ended</c> by code, logs them summed up, with the users
/// they were of, and tells backends.
/// </summary>
internal sealed partial class CloseLog(
    IMeterFactory meters, LogSummary summary, ClientEvents events, ILogger<CloseLog> logger)
{
    private readonly Counter<long> _ended = meters.CreateHubMeter().CreateCounter<long>(
        "realtimehub.connections.ended", "{connection}", "Open connections that the hub has ended, by the code of the reason.");

    public void Add(CloseReason reason, ClientConnection connection)
    {
        _ended.Add(1, new KeyValuePair<string, object?>("code", reason.Code));
        summary.Report(
            reason.Event,
            connection.User?.ToString() ?? "nobody",
            (count, users) => Log.ConnectionEnded(logger, count, reason.Code, reason.Sentence, users));
        events.Ended(connection, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Information, "Connections were ended ({Count}): {Code}, of {Users}. {Sentence}", EventName = "ConnectionEnded")]
        public static partial void ConnectionEnded(ILogger logger, long count, string code, string sentence, string users);
    }
}
