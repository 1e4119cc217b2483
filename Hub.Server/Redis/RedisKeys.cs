using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace RealtimeHub.Redis;

/// <summary>Every key of ours in Redis. No other place builds one.</summary>
internal sealed class RedisKeys(IOptions<RedisOptions> options)
{
    private readonly string _tokenPrefix = options.Value.KeyPrefix + "token:";

    /// <summary>Where a token record lies, and after the spend its tombstone.</summary>
    /// <param name="hash">Lower-case hex SHA-256 of the token: what is in Redis opens nothing.</param>
    public RedisKey Token(string hash) => _tokenPrefix + hash;
}
