using System.Net;
using System.Threading.RateLimiting;
using RealtimeHub.Operations;

namespace RealtimeHub.Authentication.Limits;

/// <summary>How many of something there may be at a time, on this node and of one IP address. 0 is no limit.</summary>
internal sealed class Quota(int onNode, int ofClient, Refusal nodeIsFull, Refusal clientHasTooMany) : IDisposable
{
    private readonly ConcurrencyLimiter? _node = onNode == 0 ? null : new ConcurrencyLimiter(Of(onNode));

    /// <remarks>It forgets a client ten seconds after its last one, so it never knows many more than there are.</remarks>
    private readonly PartitionedRateLimiter<IPNetwork>? _clients = ofClient == 0
        ? null
        : PartitionedRateLimiter.Create<IPNetwork, IPNetwork>(
            client => RateLimitPartition.GetConcurrencyLimiter(client, _ => Of(ofClient)));

    /// <summary>Takes one of those that there may be, or says why there is none left.</summary>
    /// <param name="client">The client; null if it is not limited by its address.</param>
    public Result<QuotaLease, Refusal> Take(IPNetwork? client)
    {
        var ofClient = client is { } network ? _clients?.AttemptAcquire(network) : null;
        if (ofClient is { IsAcquired: false })
        {
            return clientHasTooMany;
        }

        var onNode = _node?.AttemptAcquire();
        if (onNode is { IsAcquired: false })
        {
            ofClient?.Dispose();
            return nodeIsFull;
        }

        return onNode is null && ofClient is null ? QuotaLease.OfNoLimit : new QuotaLease(onNode, ofClient);
    }

    public void Dispose()
    {
        _node?.Dispose();
        _clients?.Dispose();
    }

    private static ConcurrencyLimiterOptions Of(int limit) => new() { PermitLimit = limit };
}
