namespace RealtimeHub.Client;

/// <summary>
/// No connection could be opened, or an open one broke: because of the network, a proxy or the hub. The client tries again.
/// </summary>
public sealed class ConnectionException : PushException
{
    internal ConnectionException(string message, Exception? cause = null)
        : base("connection_failed", message, cause)
    {
    }

    /// <summary>Whether every transport would fail: nothing answers there, or something that is not the hub.</summary>
    internal bool IsForEveryTransport { get; init; }
}
