namespace RealtimeHub.Routing;

/// <summary>What has become of a message in the log of its address.</summary>
internal enum LogEntryState
{
    /// <summary>The address never had a message of this id, as far as anybody knows.</summary>
    Unknown,

    /// <summary>It stands there, and is delivered to who resumes.</summary>
    Stored,

    /// <summary>It stands there, and its time to live, or that of the log, is over.</summary>
    Expired,

    /// <summary>It would be older than the oldest: it has made room, or the whole log has gone.</summary>
    Trimmed,

    /// <summary>Redis has lost it, in a failover, and a gap stands in its place.</summary>
    Lost,
}
