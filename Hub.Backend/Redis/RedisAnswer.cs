using StackExchange.Redis;

namespace RealtimeHub.Redis;

internal static class RedisAnswer
{
    /// <summary>Awaits a command, and gives the many ways in which Redis can be away one name.</summary>
    /// <exception cref="StoreUnavailableException">Redis does not answer. What it answers that is an error goes through as it is.</exception>
    public static async Task<T> OrUnavailable<T>(this Task<T> command)
    {
        try
        {
            return await command;
        }
        catch (Exception away) when (IsAway(away))
        {
            throw new StoreUnavailableException(away);
        }
    }

    /// <summary>Whether that means that Redis is away. A primary that is being replaced, loads its data or waits for its cluster answers, but not yet.</summary>
    public static bool IsAway(Exception thrown) => thrown switch
    {
        RedisServerException answer => !answer.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal),
        _ => thrown is RedisException or TimeoutException or ObjectDisposedException,
    };
}
