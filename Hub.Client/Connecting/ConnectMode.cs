namespace RealtimeHub.Client.Connecting;

/// <summary>How a connection is opened.</summary>
internal enum ConnectMode
{
    /// <summary>A WebSocket with a single request, which needs no sticky sessions.</summary>
    Direct,

    /// <summary>The hub is asked first, and then the first of WebSockets, server-sent events and long polling taken that gets through.</summary>
    Negotiated,
}
