using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using RealtimeHub.Redis;
using StackExchange.Redis;

namespace RealtimeHub.Tokens;

/// <summary>
/// Spends tokens, and waits until as many replicas have it as are asked for: whichever of them takes over then knows that the token is
/// spent.
/// </summary>
/// <remarks>
/// On a connection of its own, because <c>WAIT</c> holds up all that comes behind it on its connection, and because it speaks of what was
/// written there before: where that connection broke in between, its answer says nothing, and nobody is let in. One <c>WAIT</c> serves all
/// spends that were answered before it.
/// </remarks>
internal sealed class ReplicatedSpend : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(500);

    private readonly RedisConnection _connection;
    private readonly int _replicas;
    private readonly ConcurrentDictionary<EndPoint, SharedWait<int>> _waits = new();
    private int _breaks;

    public ReplicatedSpend(RedisConnection connection, int replicas)
    {
        (_connection, _replicas) = (connection, replicas);
        connection.Multiplexer.ConnectionFailed += (_, _) => Interlocked.Increment(ref _breaks);
    }

    /// <summary>What lay under the key, where now the tombstone lies.</summary>
    /// <exception cref="StoreUnavailableException">Redis does not answer, or too few replicas have the spend. The token may be
    /// spent.</exception>
    public async Task<RedisValue> SpendAsync(RedisKey key, RedisValue tombstone, TimeSpan kept)
    {
        var breaks = Volatile.Read(ref _breaks);
        var primary = PrimaryOf(key);
        var seconds = ((int)kept.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var found = (RedisValue)await primary.ExecuteAsync(_connection.Database.Database, "SET", [key, tombstone, "EX", seconds, "XX", "GET"])
            .OrUnavailable(_connection);
        if (found.IsNull || found == tombstone)
        {
            return found;
        }

        var wait = _waits.GetOrAdd(primary.EndPoint, _ => new SharedWait<int>(() => CountCopiesAsync(primary)));
        var copies = await wait.AskAsync().OrUnavailable(_connection);
        return copies >= _replicas && breaks == Volatile.Read(ref _breaks) ? found : throw TooFew(copies);
    }

    private StackExchange.Redis.IServer PrimaryOf(RedisKey key)
    {
        try
        {
            return _connection.Multiplexer.GetServer(key, flags: CommandFlags.DemandMaster);
        }
        catch (InvalidOperationException none)
        {
            throw _connection.Unavailable(none);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<int> CountCopiesAsync(StackExchange.Redis.IServer primary) =>
        (int)await primary.ExecuteAsync("WAIT", [_replicas, (int)Timeout.TotalMilliseconds]);

    private StoreUnavailableException TooFew(int copies) => new(new TimeoutException(string.Create(
        CultureInfo.InvariantCulture, $"NOREPLICAS Tokens:RequireReplicas asks for {_replicas}, and {copies} had the spend within {Timeout.TotalMilliseconds} ms.")));
}
