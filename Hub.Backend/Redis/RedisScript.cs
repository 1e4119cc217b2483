using System.Security.Cryptography;
using System.Text;
using RealtimeHub.Operations;
using StackExchange.Redis;

namespace RealtimeHub.Redis;

/// <summary>A Lua script, joined from the embedded *.lua files it is given, so that scripts can share functions.</summary>
/// <remarks>It is measured by the name of its last file.</remarks>
internal sealed class RedisScript
{
    private readonly string _name;
    private readonly string _text;
    private readonly byte[] _hash;

    public RedisScript(params string[] files)
    {
        _name = Path.GetFileNameWithoutExtension(files[^1]);
        _text = string.Join('\n', files.Select(file => Encoding.UTF8.GetString(Resource.Read(typeof(RedisScript).Assembly, file))));
        _hash = Hash(_text);
    }

    /// <summary>
    /// Runs the script by its hash: one round trip. If Redis has forgotten the script, a second one follows, out of order.
    /// </summary>
    /// <remarks>The library could find the hash by itself, but looks it up by the script's whole text at each call.</remarks>
    /// <exception cref="StoreUnavailableException">Redis does not answer.</exception>
    public Task<RedisResult> RunAsync(RedisConnection redis, RedisKey[] keys, RedisValue[] arguments) =>
        SendAsync(redis, keys, arguments, isWhole: false);

    /// <summary>
    /// Sends the whole script. Calls behind it on the same connection then find it by its hash, and none of them is out of order.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Redis does not answer.</exception>
    public Task<RedisResult> EvalAsync(RedisConnection redis, RedisKey[] keys, RedisValue[] arguments) =>
        SendAsync(redis, keys, arguments, isWhole: true);

    private async Task<RedisResult> SendAsync(RedisConnection redis, RedisKey[] keys, RedisValue[] arguments, bool isWhole)
    {
        var begun = redis.Scripts.Begin();
        try
        {
            var answer = await (isWhole
                ? redis.Database.ScriptEvaluateAsync(_text, keys, arguments, CommandFlags.NoScriptCache)
                : redis.Database.ScriptEvaluateAsync(_hash, keys, arguments));
            redis.Scripts.End(_name, begun, isAnswered: true);
            return answer;
        }
        catch (RedisServerException unknown) when (!isWhole && unknown.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            return await SendAsync(redis, keys, arguments, isWhole: true);
        }
        catch (Exception away) when (RedisAnswer.IsAway(away))
        {
            redis.Scripts.End(_name, begun, isAnswered: false);
            throw redis.Unavailable(away);
        }
    }

#pragma warning disable CA5350 // Redis names scripts by SHA-1 (EVALSHA); nothing is protected by it.
    private static byte[] Hash(string text) => SHA1.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350
}
