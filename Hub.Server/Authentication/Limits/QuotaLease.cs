using System.Threading.RateLimiting;

namespace RealtimeHub.Authentication.Limits;

/// <summary>One of those that a <see cref="Quota"/> allows. It is given back once, however often it is disposed of.</summary>
internal sealed class QuotaLease(RateLimitLease? onNode, RateLimitLease? ofClient) : IDisposable
{
    /// <summary>What is taken where there is no limit.</summary>
    public static readonly QuotaLease OfNoLimit = new(null, null);

    private RateLimitLease? _onNode = onNode;
    private RateLimitLease? _ofClient = ofClient;

    public void Dispose()
    {
        Interlocked.Exchange(ref _onNode, null)?.Dispose();
        Interlocked.Exchange(ref _ofClient, null)?.Dispose();
    }
}
