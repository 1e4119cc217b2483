using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Insight;
using RealtimeHub.Operations;

namespace RealtimeHub.Ingress.Http;

/// <summary>How many messages each backend may publish on this node: one token bucket for each name.</summary>
/// <remarks>
/// ASP.NET Core's middleware counts requests, before they are read. A batch counts as the messages that it holds, so the limiter is asked
/// here, where their number is known.
/// </remarks>
internal sealed class MessageRate : IDisposable
{
    private readonly PartitionedRateLimiter<string> _limiter;

    public MessageRate(IOptions<ApiOptions> options)
    {
        var perSecond = options.Value.MessagesPerSecond;
        _limiter = PartitionedRateLimiter.Create<string, string>(name => perSecond == 0 || name == CanaryKey.Name
            ? RateLimitPartition.GetNoLimiter(name)
            : RateLimitPartition.GetTokenBucketLimiter(name, _ => BucketOf(perSecond)));
    }

    /// <summary>Counts messages of a backend, or returns why none of them may be published now.</summary>
    public Refusal? Take(ClaimsPrincipal backend, int messages)
    {
        using var lease = _limiter.AttemptAcquire(backend.Identity!.Name!, messages);
        return lease.IsAcquired ? null : ApiRefusals.RateLimited(SecondsToWait(lease));
    }

    /// <summary>An endpoint filter: the request counts as one message.</summary>
    public ValueTask<object?> TakeOneAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        Take(context.HttpContext.User, messages: 1) is { } refusal ? new(refusal) : next(context);

    public void Dispose() => _limiter.Dispose();

    private static TokenBucketRateLimiterOptions BucketOf(int perSecond) => new()
    {
        // The largest batch must fit, or it could never be published.
        TokenLimit = Math.Max(perSecond, BatchRequest.MaxMessages),
        TokensPerPeriod = perSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
    };

    private static int SecondsToWait(RateLimitLease lease) =>
        lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : 1;
}
