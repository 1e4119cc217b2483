namespace RealtimeHub.Authentication;

/// <summary>What a request wants of a hub, or of another endpoint behind the token.</summary>
internal enum HubRequestKind
{
    /// <summary>It opens nothing and belongs to nothing.</summary>
    Nothing,

    /// <summary>It asks for a new connection, on whichever transport.</summary>
    Negotiate,

    /// <summary>It belongs to a connection that was negotiated.</summary>
    Connection,

    /// <summary>It becomes a WebSocket of its own, which nobody has negotiated.</summary>
    WebSocket,

    /// <summary>It goes to an endpoint that is no hub, and stands for itself alone.</summary>
    Single,
}
