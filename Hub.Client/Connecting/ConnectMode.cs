namespace RealtimeHub.Client.Connecting;

/// <summary>How a connection is opened, the best first.</summary>
internal enum ConnectMode
{
    /// <summary>A WebSocket with a single request, which needs no sticky sessions.</summary>
    WebSockets,

    /// <summary>A negotiated stream, for where no upgrade gets through.</summary>
    ServerSentEvents,

    /// <summary>Negotiated requests that are held until there is news, for where answers are held back until they are complete.</summary>
    LongPolling,
}
