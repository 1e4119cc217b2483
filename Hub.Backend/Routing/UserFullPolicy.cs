namespace RealtimeHub.Routing;

/// <summary>What comes of a connection of a user who has as many as he may have.</summary>
internal enum UserFullPolicy
{
    /// <summary>It is refused.</summary>
    Refuse,

    /// <summary>It comes in, and the oldest is ended.</summary>
    EndOldest,
}
