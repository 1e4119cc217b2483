namespace RealtimeHub.CommandLine;

/// <summary>How a command ends. Part of the public contract (docs/operations.md).</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The configuration has mistakes, or a rule forbids what was asked for.</summary>
    public const int Refused = 1;

    /// <summary>The command line cannot be understood.</summary>
    public const int WrongUsage = 2;

    public const int RedisAway = 3;

    /// <summary>A node that was asked does not answer. It may have done what it was asked, or not.</summary>
    public const int NodeSilent = 4;

    /// <summary>The hub that was asked over HTTP does not answer.</summary>
    public const int HubAway = 5;
}
