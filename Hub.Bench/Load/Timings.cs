using HdrHistogram;

namespace RealtimeHub.Bench.Load;

/// <summary>How long messages took, from when they were due, in microseconds.</summary>
internal sealed class Timings
{
    private const long Longest = 120_000_000;

    /// <summary>To each delivery.</summary>
    public LongConcurrentHistogram Each { get; } = New();

    /// <summary>To the last of a message's deliveries.</summary>
    public LongConcurrentHistogram Last { get; } = New();

    /// <summary>Takes down so many deliveries, made now or still awaited, of a message that was due then.</summary>
    public void Add(long due, bool isLast, int deliveries = 1)
    {
        var latency = Math.Clamp(Clock.MicrosecondsSince(due), 1, Longest);
        Each.RecordValueWithCount(latency, deliveries);
        if (isLast)
        {
            Last.RecordValue(latency);
        }
    }

    private static LongConcurrentHistogram New() => new(lowestTrackableValue: 1, Longest, numberOfSignificantValueDigits: 3);
}
