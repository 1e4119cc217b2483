namespace RealtimeHub.Authentication;

/// <summary>What a request to a hub, or to another endpoint behind the token, is for.</summary>
internal enum HubRequestKind
{
    /// <summary>It opens no connection and belongs to none.</summary>
    Nothing,

    /// <summary>It negotiates a new connection, for any transport.</summary>
    Negotiate,

    /// <summary>It belongs to a connection that was negotiated.</summary>
    Connection,

    /// <summary>It renews a connection that was negotiated.</summary>
    Refresh,

    /// <summary>It becomes a WebSocket that was not negotiated.</summary>
    WebSocket,

    /// <summary>It goes to an endpoint that is not a hub. Each such request spends a token of its own.</summary>
    Single,
}
