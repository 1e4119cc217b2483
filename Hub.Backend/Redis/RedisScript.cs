using System.Security.Cryptography;
using System.Text;
using RealtimeHub.Operations;
using StackExchange.Redis;

namespace RealtimeHub.Redis;

/// <summary>Lua from the *.lua files beside the code that runs it: one file after the other, so that scripts can share a function.</summary>
internal sealed class RedisScript
{
    private readonly string _text;
    private readonly byte[] _hash;

    public RedisScript(params string[] files)
    {
        _text = string.Join('\n', files.Select(file => Encoding.UTF8.GetString(Resource.Read(typeof(RedisScript).Assembly, file))));
        _hash = Hash(_text);
    }

    /// <summary>One round trip: Redis is sent the hash of a script that it knows. If it has forgotten it, a second, out of turn.</summary>
    /// <remarks>The library would find the hash by itself, by the whole text of the script at each call.</remarks>
    /// <exception cref="StoreUnavailableException">Redis does not answer.</exception>
    public async Task<RedisResult> RunAsync(IDatabase database, RedisKey[] keys, RedisValue[] arguments)
    {
        try
        {
            return await database.ScriptEvaluateAsync(_hash, keys, arguments);
        }
        catch (RedisServerException unknown) when (unknown.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            return await EvalAsync(database, keys, arguments);
        }
        catch (Exception away) when (RedisAnswer.IsAway(away))
        {
            throw new StoreUnavailableException(away);
        }
    }

    /// <summary>Sends the whole script, so that Redis knows it for those that follow on the same connection, and none of them is out of turn.</summary>
    /// <exception cref="StoreUnavailableException">Redis does not answer.</exception>
    public Task<RedisResult> EvalAsync(IDatabase database, RedisKey[] keys, RedisValue[] arguments) =>
        database.ScriptEvaluateAsync(_text, keys, arguments, CommandFlags.NoScriptCache).OrUnavailable();

#pragma warning disable CA5350 // Redis names scripts by SHA-1 (EVALSHA); nothing is protected by it.
    private static byte[] Hash(string text) => SHA1.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350
}
