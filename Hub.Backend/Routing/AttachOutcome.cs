namespace RealtimeHub.Routing;

/// <summary>What an attach can come to.</summary>
internal enum AttachOutcome
{
    /// <summary>The connection is in the directory.</summary>
    Attached,

    /// <summary>Refused: the connections of the user, or of the session, were ended after the token was minted.</summary>
    Ended,

    /// <summary>Refused: the user is banned.</summary>
    Banned,

    /// <summary>Refused: the user has as many connections as he may have.</summary>
    Full,
}
