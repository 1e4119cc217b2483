using StackExchange.Redis;

namespace RealtimeHub.Redis;

/// <summary>Lua from the *.lua files beside the code that runs it: one file after the other, so that scripts can share a function.</summary>
internal sealed class RedisScript(params string[] files)
{
    private readonly string _text = string.Join('\n', files.Select(Read));

    /// <summary>One round trip: Redis is sent the hash of a script that it knows. If it has forgotten it, a second, out of turn.</summary>
    public Task<RedisResult> RunAsync(IDatabase database, RedisKey[] keys, RedisValue[] arguments) =>
        database.ScriptEvaluateAsync(_text, keys, arguments);

    /// <summary>Sends the whole script, so that Redis knows it for those that follow on the same connection, and none of them is out of turn.</summary>
    public Task<RedisResult> TeachAsync(IDatabase database, RedisKey[] keys, RedisValue[] arguments) =>
        database.ScriptEvaluateAsync(_text, keys, arguments, CommandFlags.NoScriptCache);

    private static string Read(string file)
    {
        using var stream = typeof(RedisScript).Assembly.GetManifestResourceStream(file) ?? throw new InvalidOperationException($"{file} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
