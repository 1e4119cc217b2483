using Microsoft.Extensions.Options;
using RealtimeHub.Redis;
using StackExchange.Redis;

namespace RealtimeHub.Tokens;

/// <summary>Tokens in Redis. A record lies under the token's hash, so a dump of Redis opens nothing.</summary>
internal sealed class RedisAccessTokenStore(
    RedisConnection redis, RedisKeys keys, IOptions<TokenOptions> options, TimeProvider time, IServiceProvider services)
        : ISpendingTokenStore, IAsyncDisposable, IDisposable
{
    private static readonly RedisValue Tombstone = "spent";

    private readonly IDatabase _database = redis.Database;
    private readonly SpentTokens _spentHere = new(options.Value.MemoryOfSpent, time);
    private readonly ReplicatedSpend? _replicated = options.Value.RequireReplicas > 0
        ? new ReplicatedSpend(ActivatorUtilities.CreateInstance<RedisConnection>(services), options.Value.RequireReplicas)
        : null;

    public async Task<AccessToken> MintAsync(TokenRecord record, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var token = AccessToken.Create();
        var json = record.ForMinting(time.GetUtcNow()).ToJson();
        await _database.StringSetAsync(KeyOf(token), json, options.Value.Lifetime, When.NotExists).OrUnavailable(redis)
            .WaitAsync(cancellationToken);
        return token;
    }

    /// <remarks>
    /// <c>SET key spent EX 60 XX GET</c> reads the record and replaces it by a tombstone in one command on one key: no two nodes can
    /// both read a record, and it works on a Cluster. Needs Redis 7, where XX and GET may stand together.
    /// </remarks>
    public async Task<SpendResult> SpendAsync(AccessToken token)
    {
        try
        {
            var spend = Read(token, await (_replicated?.SpendAsync(KeyOf(token), Tombstone, TokenOptions.ReplayMemory)
                ?? _database.StringSetAndGetAsync(KeyOf(token), Tombstone, TokenOptions.ReplayMemory, keepTtl: false, When.Exists)
                    .OrUnavailable(redis)));

            // A replica that took over without the last writes still has the record.
            return spend.IsAccepted && !_spentHere.TryAdd(token.Hash) ? SpendResult.Spent : spend;
        }
        catch (RedisServerException error) when (IsWrongType(error))
        {
            return SpendResult.Malformed("the record must be stored as a string, with SET");
        }
    }

    public ValueTask DisposeAsync() => _replicated?.DisposeAsync() ?? ValueTask.CompletedTask;

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private RedisKey KeyOf(AccessToken token) => token.IsSeedFormat ? RedisKeys.SeedToken(token.Reveal()) : keys.Token(token.Hash);

    private SpendResult Read(AccessToken token, RedisValue stored) =>
        stored.IsNull ? SpendResult.Unknown
        : stored == Tombstone ? SpendResult.Spent
        : ReadRecord(token, ((ReadOnlyMemory<byte>)stored).Span);

    private SpendResult ReadRecord(AccessToken token, ReadOnlySpan<byte> json) =>
        token.IsSeedFormat ? SeedRecord.Spend(json, time.GetUtcNow(), options.Value.Lifetime)
        : TokenRecord.TryParse(json, out var record, out var mistake) ? SpendResult.Of(record, time.GetUtcNow())
        : SpendResult.Malformed(mistake);

    // Somebody stored something else than a string under the token: the record is at fault, not the store.
    private static bool IsWrongType(Exception error) => error.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal);
}
