using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Tokens;

/// <summary>
/// The tokens of each user that may not be spent yet, as they were minted here and elsewhere: if there are too many, the oldest die.
/// </summary>
/// <param name="redis">Where they lie.</param>
/// <param name="keys">Their names.</param>
/// <param name="options">How many a user may have.</param>
internal sealed class OutstandingTokens(RedisConnection redis, RedisKeys keys, TokenOptions options)
{
    private static readonly RedisScript NoteScript = new("outstanding.lua");
    private static readonly RedisScript RevokeScript = new("revoke.lua");

    /// <summary>Takes note of a token that is stored, or on its way there before this.</summary>
    /// <returns>When those that are too many are dead.</returns>
    public async Task AddAsync(Address user, AccessToken token)
    {
        var oldest = (string[])(await NoteScript.RunAsync(
            redis, [keys.Of(user.ToString()).Tokens], [token.Hash, (long)options.Lifetime.TotalMilliseconds, options.PerUser]))!;
        await Task.WhenAll(oldest.Select(hash => RevokeScript.RunAsync(redis, [keys.Token(hash)], [RedisAccessTokenStore.Tombstone])));
    }
}
