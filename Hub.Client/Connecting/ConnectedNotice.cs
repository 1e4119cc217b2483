namespace RealtimeHub.Client.Connecting;

/// <summary>
/// What the hub says as soon as a connection is attached. It is no record, since it holds a secret that no text may show.
/// </summary>
internal sealed class ConnectedNotice
{
    /// <summary>With what the client comes back without a token.</summary>
    public string? ReconnectSecret { get; init; }

    /// <summary>How long the token still lets the connection stay; null for ever.</summary>
    public double? TokenLifetimeSeconds { get; init; }
}
