using RealtimeHub.Redis;
using StackExchange.Redis;

namespace RealtimeHub.CommandLine;

/// <summary>Says in a sentence why Redis did not do what it was asked for. The client's own words name keys, and fill a page.</summary>
internal static class RedisTrouble
{
    public static string Describe(RedisOptions redis, Exception thrown)
    {
        var causes = CausesOf(thrown).ToList();
        return causes.OfType<RedisConnectionException>().Any(cause => cause.FailureType == ConnectionFailureType.AuthenticationFailure)
            ? $"Redis at {redis.Hosts} refuses the user or the password in Redis:Connection."
            : causes.OfType<RedisServerException>().FirstOrDefault() is { } answer
            ? $"Redis at {redis.Hosts} refuses: {answer.Message.Split(' ')[0]}."
            : $"Redis at {redis.Hosts} does not answer. Does it run, and is Redis:Connection right?";
    }

    private static IEnumerable<Exception> CausesOf(Exception thrown)
    {
        for (var cause = thrown; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }
}
