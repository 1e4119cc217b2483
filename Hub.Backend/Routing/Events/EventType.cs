namespace RealtimeHub.Routing.Events;

/// <summary>The types of events; part of the public contract (docs/protocol.md).</summary>
internal static class EventType
{
    /// <summary>The hub has not let a connection open, though its token was good.</summary>
    public const string ConnectionRefused = "connection.refused";

    /// <summary>The hub has ended an open connection.</summary>
    public const string ConnectionEnded = "connection.ended";
}
