namespace RealtimeHub.Tokens;

/// <summary>What became of an attempt to spend a token.</summary>
internal enum SpendOutcome
{
    /// <summary>The token was good, and is now spent. Of any number of attempts on any number of nodes exactly one gets this.</summary>
    Accepted,

    /// <summary>Never minted, or dead of age.</summary>
    Unknown,

    /// <summary>Spent before, within the last minute. Either a client's mistake or somebody replaying what they overheard.</summary>
    Spent,

    /// <summary>A record was there but cannot be used. The token is spent all the same.</summary>
    Malformed,
}
