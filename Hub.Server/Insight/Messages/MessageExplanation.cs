namespace RealtimeHub.Insight.Messages;

/// <summary>Why a user has got a message, or has not; or what would happen if one were published now.</summary>
internal sealed record MessageExplanation
{
    /// <summary>The user.</summary>
    public required string User { get; init; }

    /// <summary>Where the message was published to, or would be.</summary>
    public required string Address { get; init; }

    /// <summary>The message; null for a dry run.</summary>
    public string? Message { get; init; }

    /// <summary>What has happened, in sentences with times in UTC, in the order in which it is to be read.</summary>
    public required IReadOnlyList<string> Sentences { get; init; }
}
