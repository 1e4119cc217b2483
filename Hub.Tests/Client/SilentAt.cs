namespace RealtimeHub.Tests.Client;

/// <summary>The steps of an attempt, in their order over the transports.</summary>
public enum SilentAt
{
    Token,
    Connect,
    WebSocket,
    WebSocketHandshake,
    Negotiate,
    Stream,
    StreamHandshake,
    Send,
    Poll,
    Resume,
}
