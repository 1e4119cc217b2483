namespace RealtimeHub.Client;

/// <summary>No connection came about, or a live one broke: the network, a proxy or the hub itself. The client tries again.</summary>
public sealed class ConnectionException : PushException
{
    internal ConnectionException(string message, Exception? cause = null)
        : base("connection_failed", message, cause)
    {
    }

    /// <summary>No other transport would fare better: nobody is there, or somebody else.</summary>
    internal bool IsForEveryTransport { get; init; }
}
