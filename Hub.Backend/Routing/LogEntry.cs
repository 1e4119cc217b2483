namespace RealtimeHub.Routing;

/// <summary>What a log knows of one message.</summary>
/// <param name="State">What has become of it.</param>
internal sealed record LogEntry(LogEntryState State)
{
    /// <summary>The message; null if it stands there no more.</summary>
    public RoutedMessage? Message { get; init; }

    /// <summary>When it was published.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>How long after that it may be delivered; null: as long as it is kept.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>The backend that has published it; null if that was code of a process with <c>IPublisher</c>.</summary>
    public string? Publisher { get; init; }
}
