namespace RealtimeHub.Client;

/// <summary>The state of a <see cref="PushClient"/>.</summary>
public enum PushState
{
    /// <summary>
    /// Not started yet, stopped, or stopped by itself: the user must sign in again, or the hub does not let the client come back.
    /// </summary>
    Stopped,

    /// <summary>Started, and not connected yet.</summary>
    Connecting,

    /// <summary>Attached and resumed: nothing that was published before is missing, and what is published now arrives.</summary>
    Connected,

    /// <summary>The connection has dropped, and the client is opening the next one.</summary>
    Reconnecting,
}
