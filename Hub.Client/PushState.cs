namespace RealtimeHub.Client;

/// <summary>Where a <see cref="PushClient"/> is in its life.</summary>
public enum PushState
{
    /// <summary>Not started yet, stopped, or stopped by itself because the user must sign in again.</summary>
    Stopped,

    /// <summary>Started, and no connection has stood yet.</summary>
    Connecting,

    /// <summary>Attached and resumed: nothing that was published before is missing, and what is published now arrives.</summary>
    Connected,

    /// <summary>The connection has dropped; the next one is on its way.</summary>
    Reconnecting,
}
