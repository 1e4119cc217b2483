namespace RealtimeHub.Routing.Events;

/// <summary>The types of events; part of the public contract (docs/protocol.md).</summary>
internal static class EventType
{
    /// <summary>The first connection of a user is there.</summary>
    public const string UserOnline = "user.online";

    /// <summary>The last connection of a user is gone, and none has come back.</summary>
    public const string UserOffline = "user.offline";

    /// <summary>The hub has not let a connection open: a request was refused, or what its token allowed it no more.</summary>
    public const string ConnectionRefused = "connection.refused";

    /// <summary>The hub has ended an open connection.</summary>
    public const string ConnectionEnded = "connection.ended";

    /// <summary>A client that came back was told that messages are gone for it.</summary>
    public const string MessageLost = "message.lost";

    /// <summary>A message whose publisher has asked for a receipt was handled for the first time.</summary>
    public const string MessageHandled = "message.handled";
}
