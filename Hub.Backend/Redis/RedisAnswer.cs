using StackExchange.Redis;

namespace RealtimeHub.Redis;

internal static class RedisAnswer
{
    /// <summary>Awaits a command. Whatever shows that Redis cannot serve it becomes one exception, which says why.</summary>
    /// <exception cref="StoreUnavailableException">Redis does not answer, or refuses for a reason of its own. An error in the command
    /// itself is thrown as it is.</exception>
    public static async Task<T> OrUnavailable<T>(this Task<T> command, RedisConnection redis)
    {
        try
        {
            return await command;
        }
        catch (Exception away) when (IsAway(away))
        {
            throw redis.Unavailable(away);
        }
    }

    /// <summary>
    /// Whether this means that Redis cannot serve. A primary that is being replaced, that loads its data or waits for its cluster does
    /// answer, but with an error.
    /// </summary>
    public static bool IsAway(Exception thrown) => thrown switch
    {
        RedisServerException answer => !answer.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal),
        _ => thrown is RedisException or TimeoutException or ObjectDisposedException,
    };
}
