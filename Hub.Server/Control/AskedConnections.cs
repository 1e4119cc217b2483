namespace RealtimeHub.Control;

/// <summary>What asking connections to renew has come to.</summary>
public sealed class AskedConnections
{
    /// <summary>How many were asked, on all nodes.</summary>
    public required int Asked { get; init; }

    /// <summary>
    /// The epoch of the user from now on: no token of an older one opens a connection or renews one.
    /// </summary>
    public required long Epoch { get; init; }
}
