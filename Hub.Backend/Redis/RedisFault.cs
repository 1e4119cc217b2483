using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace RealtimeHub.Redis;

/// <summary>Why Redis did not do what it was asked for.</summary>
/// <param name="Summary">In one sentence that anybody may read.</param>
/// <param name="Advice">For the operator: what to do.</param>
/// <param name="IsForOperator">Whether it will not pass by itself.</param>
internal sealed partial record RedisFault(string Summary, string Advice, bool IsForOperator = false)
{
    /// <summary>Nothing came back.</summary>
    public static readonly RedisFault Silence = new("Redis does not answer.", "Does it run, and is Redis:Connection right?");

    /// <summary>Redis takes what is published, and does not deliver it to its subscribers.</summary>
    public static readonly RedisFault Undelivered = new(
        "Redis does not deliver to this node.", "May it subscribe? The smallest ACL that suffices stands in docs/operations.md. A replica that is out of step delivers late.");

    private static readonly RedisFault NoPrimary = new(
        "No Redis that takes writes is at hand.", "Those that answer are replicas. Promote one, or list the primary in Redis:Connection.");

    /// <summary>Of a wrong password the client library tells the answer to it, or that to the next command, as it happens.</summary>
    private static readonly RedisFault NotLetIn = new(
        "Redis refuses, since the user or the password is missing or wrong.", "Set those that it knows in Redis:Connection.", IsForOperator: true);

    /// <summary>By the name of the error: the first word of Redis' answer.</summary>
    private static readonly Dictionary<string, RedisFault> ByName = new(StringComparer.Ordinal)
    {
        ["WRONGPASS"] = NotLetIn,
        ["NOAUTH"] = NotLetIn,
        ["NOPERM"] = new("Redis does not permit what the hub needs.", "The smallest ACL that suffices stands in docs/operations.md.", IsForOperator: true),
        ["READONLY"] = new("Redis is a replica, and takes no writes.", "The hub looks for the primary. Is it listed in Redis:Connection?"),
        ["OOM"] = new("Redis is full.", "Give it more memory (maxmemory), or retain less (Routing:MaxMessages, Routing:MaxAge)."),
        ["LOADING"] = new("Redis is loading its data.", "That passes by itself."),
        ["MASTERDOWN"] = new("Redis is a replica that has lost its primary.", "Bring the primary back, or promote a replica."),
        ["CLUSTERDOWN"] = new("Redis says that its Cluster is down.", "CLUSTER INFO says why: slots without a primary, or too few primaries."),
        ["MISCONF"] = new("Redis cannot save to its disk, and takes no writes.", "Its log says why. Is the disk full?"),
        ["NOREPLICAS"] = new("Redis has too few replicas in step, and takes no writes.", "Do they run? min-replicas-to-write says how many there must be."),
        ["BUSY"] = new("Redis is busy with a script.", "If it is none of the hub's, end it with SCRIPT KILL."),
    };

    /// <summary>What Redis answered, if it did: the error's name and sentence, without keys and values.</summary>
    public string? Said { get; private init; }

    /// <summary>What an exception of a command or a connection means.</summary>
    public static RedisFault Of(Exception? thrown)
    {
        var causes = CausesOf(thrown).ToList();
        if (causes.OfType<StoreUnavailableException>().FirstOrDefault() is { } told)
        {
            return told.Fault;
        }

        var answer = causes.OfType<RedisServerException>().FirstOrDefault()?.Message;
        return NamedIn(answer is null ? causes.Select(cause => cause.Message) : [answer]) is { } known ? known with { Said = Quote(answer) }
            : answer is not null ? Unnamed(answer) with { Said = Quote(answer) }
            : causes.OfType<RedisConnectionException>().Any(cause => cause.FailureType == ConnectionFailureType.AuthenticationFailure)
                ? NotLetIn
            : causes.Any(cause => cause.Message.Contains("requires writable", StringComparison.Ordinal)) ? NoPrimary
            : Silence;
    }

    /// <summary>The same, with the hosts of that Redis.</summary>
    public RedisFault At(string hosts) => this with { Summary = NameOnce().Replace(Summary, $"Redis at {hosts}", count: 1) };

    /// <summary>All of it, for the operator.</summary>
    public override string ToString() => Said is null ? $"{Summary} {Advice}" : $"{Summary} {Advice} It said: {Said}";

    private static RedisFault? NamedIn(IEnumerable<string> texts) =>
        texts.Select(text => Name().Match(text)).FirstOrDefault(match => match.Success) is { } name ? ByName[name.Value]
        : texts.Any(text => text.Contains("The user executing the script can't", StringComparison.Ordinal)) ? ByName["NOPERM"]
        : null;

    private static RedisFault Unnamed(string answer) => NewCommand().IsMatch(answer)
        ? new("Redis does not know a command that the hub needs.", "Redis 7 is needed. Is it older, or is a command renamed?", IsForOperator: true)
        : new($"Redis refuses ({answer.Split(' ')[0]}).", "Its documentation says what that means.");

    // Redis repeats the arguments of an unknown command, and names the script that failed. The library adds the kind of the answer.
    private static string? Quote(string? answer) =>
        answer is null ? null : Details().Replace(answer, "").TrimEnd('\r', '\n', ' ', '.') + ".";

    private static IEnumerable<Exception> CausesOf(Exception? thrown)
    {
        for (var cause = thrown; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    [GeneratedRegex("(?<![A-Z])(?:WRONGPASS|NOAUTH|NOPERM|READONLY|OOM|LOADING|MASTERDOWN|CLUSTERDOWN|MISCONF|NOREPLICAS|BUSY)(?![A-Z])")]
    private static partial Regex Name();

    [GeneratedRegex("Redis")]
    private static partial Regex NameOnce();

    [GeneratedRegex("unknown command|Unknown Redis command|syntax error|compiling script", RegexOptions.IgnoreCase)]
    private static partial Regex NewCommand();

    [GeneratedRegex("^SimpleError: |,? with args beginning with.*| script: [0-9a-f]{40}.*", RegexOptions.Singleline)]
    private static partial Regex Details();
}
