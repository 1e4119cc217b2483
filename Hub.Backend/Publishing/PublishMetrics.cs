using System.Diagnostics.Metrics;
using RealtimeHub.Operations;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Publishing;

/// <summary>What is published from this process, and how long that takes, in <c>realtimehub.publish.duration</c>.</summary>
internal sealed class PublishMetrics(IMeterFactory meters, TimeProvider time)
{
    private static readonly KeyValuePair<string, object?> Durable = new("durability", "durable");
    private static readonly KeyValuePair<string, object?> Transient = new("durability", "transient");
    private static readonly KeyValuePair<string, object?> IsPublished = Outcome("published");

    private readonly Histogram<double> _duration = meters.CreateHubMeter().CreateDuration(
        "realtimehub.publish.duration", "How long it takes to publish a message, by its kind of address, durability and outcome.");

    /// <summary>When a message is given to the router, for what follows.</summary>
    public long Begin() => time.GetTimestamp();

    public void Published(Envelope message, long begun) => Record(message, begun, IsPublished);

    public void Failed(Envelope message, long begun, Exception failure) => Record(message, begun, Outcome(OutcomeOf(failure)));

    public static string OutcomeOf(Exception failure) => failure switch
    {
        IdempotencyConflictException => "conflict",
        StoreUnavailableException => "store_unavailable",
        _ => "failed",
    };

    private static KeyValuePair<string, object?> Outcome(string outcome) => new("outcome", outcome);

    private void Record(Envelope message, long begun, KeyValuePair<string, object?> outcome)
    {
        if (_duration.Enabled)
        {
            _duration.Record(
                time.GetElapsedTime(begun).TotalSeconds, KindTag.Of(message.Address), message.IsTransient ? Transient : Durable, outcome);
        }
    }
}
