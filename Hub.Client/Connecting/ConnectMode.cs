namespace RealtimeHub.Client.Connecting;

/// <summary>How a connection is opened, the best first.</summary>
internal enum ConnectMode
{
    /// <summary>A WebSocket with a single request, which needs no sticky sessions.</summary>
    WebSockets,

    /// <summary>Negotiated server-sent events, for networks that let no WebSocket through.</summary>
    ServerSentEvents,

    /// <summary>Negotiated long polling, for proxies that hold an answer back until it is complete.</summary>
    LongPolling,
}
