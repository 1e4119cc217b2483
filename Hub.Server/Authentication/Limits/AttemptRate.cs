using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using RealtimeHub.Operations;

namespace RealtimeHub.Authentication.Limits;

/// <summary>How many tokens an IP address may show to this node in a minute, and how many of them may open nothing.</summary>
/// <remarks>
/// Addresses share a fixed number of counters, so that those who come from ever new addresses cannot fill the memory. Two share one by
/// chance, and by another one on each node and after each start.
/// </remarks>
internal sealed class AttemptRate(IOptions<LimitOptions> options) : IDisposable
{
    internal const int Counters = 65_536;

    private const int SegmentsOfMinute = 6;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<IPNetwork>? _attempts = Limiter(
        options.Value.AttemptsPerMinute, (counter, limit) => RateLimitPartition.GetTokenBucketLimiter(counter, _ => BucketOf(limit)));

    private readonly PartitionedRateLimiter<IPNetwork>? _failures = Limiter(
        options.Value.FailuresPerMinute, (counter, limit) => RateLimitPartition.GetSlidingWindowLimiter(counter, _ => WindowOf(limit)));

    /// <summary>Counts an attempt, or says why the client may make none now.</summary>
    /// <param name="client">The client; null if it is not limited by its address.</param>
    public Refusal? Take(IPNetwork? client) =>
        client is not { } network ? null
        : Take(_failures, network, permits: 0) is { } failed ? Refusals.TooManyFailures(failed)
        : Take(_attempts, network, permits: 1) is { } tried ? Refusals.TooManyAttempts(tried)
        : null;

    /// <summary>Counts an attempt that has opened nothing.</summary>
    public void Fail(IPNetwork? client)
    {
        if (client is { } network)
        {
            Take(_failures, network, permits: 1);
        }
    }

    public void Dispose()
    {
        _attempts?.Dispose();
        _failures?.Dispose();
    }

    /// <returns>How long to wait, if there are too few left.</returns>
    private static TimeSpan? Take(PartitionedRateLimiter<IPNetwork>? limiter, IPNetwork client, int permits)
    {
        using var lease = limiter?.AttemptAcquire(client, permits);
        return lease is not { IsAcquired: false } ? null
            : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait
            : Minute;
    }

    private static PartitionedRateLimiter<IPNetwork>? Limiter(int limit, Func<int, int, RateLimitPartition<int>> partition) =>
        limit == 0 ? null : PartitionedRateLimiter.Create<IPNetwork, int>(client => partition(CounterOf(client), limit));

    private static int CounterOf(IPNetwork client) => HashCode.Combine(client) & (Counters - 1);

    private static TokenBucketRateLimiterOptions BucketOf(int perMinute) =>
        new() { TokenLimit = perMinute, TokensPerPeriod = 1, ReplenishmentPeriod = Minute / perMinute };

    private static SlidingWindowRateLimiterOptions WindowOf(int perMinute) =>
        new() { PermitLimit = perMinute, Window = Minute, SegmentsPerWindow = SegmentsOfMinute };
}
