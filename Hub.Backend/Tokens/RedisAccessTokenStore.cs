using Microsoft.Extensions.Options;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using StackExchange.Redis;

namespace RealtimeHub.Tokens;

/// <summary>Tokens in Redis. A record lies under the token's hash, so a dump of Redis opens nothing.</summary>
internal sealed class RedisAccessTokenStore(
    RedisConnection redis, RedisKeys keys, IEpochs epochs, IOptions<TokenOptions> options, TimeProvider time, IServiceProvider services)
        : ISpendingTokenStore, IAsyncDisposable, IDisposable
{
    /// <summary>What is left of a token that was spent.</summary>
    internal static readonly RedisValue Tombstone = "spent";

    private readonly IDatabase _database = redis.Database;
    private readonly SpentTokens _spentHere = new(options.Value.MemoryOfSpent, time);
    private readonly OutstandingTokens? _outstanding =
        options.Value.PerUser > 0 ? new OutstandingTokens(redis, keys, options.Value) : null;
    private readonly ReplicatedSpend? _replicated = options.Value.RequireReplicas > 0
        ? new ReplicatedSpend(ActivatorUtilities.CreateInstance<RedisConnection>(services), options.Value.RequireReplicas)
        : null;

    /// <remarks>
    /// The epoch is read on the same way, and before it. Most users have none, which the record says; only for one who has it is written
    /// once more. Nobody knows the token meanwhile.
    /// </remarks>
    public async Task<AccessToken> MintAsync(TokenRecord record, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var token = AccessToken.Create();
        var minted = record.ForMinting(time.GetUtcNow());
        var user = Address.User(minted.Subject);
        var reading = epochs.LastAsync(user);
        var storing = StoreAsync(token, minted, When.NotExists);

        // On a Cluster it takes another way, and must not overtake it: what is not stored yet cannot be taken back.
        await (redis.IsCluster ? storing.WaitAsync(cancellationToken) : Task.CompletedTask);
        var noting = _outstanding?.AddAsync(user, token) ?? Task.CompletedTask;
        await Task.WhenAll(reading, storing, noting).WaitAsync(cancellationToken);
        if (await reading is > 0 and var epoch)
        {
            await StoreAsync(token, minted with { Epoch = epoch }, When.Exists).WaitAsync(cancellationToken);
        }

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

    private Task<bool> StoreAsync(AccessToken token, TokenRecord record, When when) =>
        _database.StringSetAsync(KeyOf(token), record.ToJson(), options.Value.Lifetime, when).OrUnavailable(redis);

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
