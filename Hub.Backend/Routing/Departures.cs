using System.Collections.Concurrent;
using RealtimeHub.Redis;
using StackExchange.Redis;

namespace RealtimeHub.Routing;

/// <summary>
/// Takes connections that have ended out of the directory. What ends while the store is away is taken out once it is back.
/// </summary>
internal sealed class Departures(IMessageRouter router)
{
    private readonly ConcurrentQueue<(Address Address, string ConnectionId, bool IsForGood)> _gone = new();

    /// <summary>Takes one out, as <see cref="IMessageRouter.DetachAsync"/> does, or keeps it for later.</summary>
    public Task DetachAsync(Address address, string connectionId, bool isForGood) => TryDetachAsync(address, connectionId, isForGood);

    /// <summary>Takes out what was kept for later, until the store is away again.</summary>
    public async Task DetachGoneAsync()
    {
        for (var count = _gone.Count; count > 0 && _gone.TryDequeue(out var gone); count--)
        {
            if (!await TryDetachAsync(gone.Address, gone.ConnectionId, gone.IsForGood))
            {
                return;
            }
        }
    }

    /// <returns>False if the store is away: then it is done later.</returns>
    private async Task<bool> TryDetachAsync(Address address, string connectionId, bool isForGood)
    {
        try
        {
            await router.DetachAsync(address, connectionId, isForGood);
            return true;
        }
        catch (Exception failure) when (failure is StoreUnavailableException or RedisException)
        {
            _gone.Enqueue((address, connectionId, isForGood));
            return false;
        }
    }
}
