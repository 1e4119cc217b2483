using System.Text.Json.Serialization;
using RealtimeHub.Routing;

namespace RealtimeHub.Insight.Messages;

/// <summary>A message of an address, without its payload.</summary>
internal sealed record AddressLogMessage
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The word by which clients choose their handlers.</summary>
    public required string Type { get; init; }

    /// <summary>When it was published, by the clock of Redis.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>
    /// The backend that has published it, such as <c>api/shop</c>; not there for code of a process with <c>IPublisher</c>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Publisher { get; init; }

    /// <summary>How long it is, as JSON.</summary>
    public required int Bytes { get; init; }

    /// <summary>How many seconds after its time it may be delivered; not there: as long as it is kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TtlSeconds { get; init; }

    public static AddressLogMessage Of(TailEntry entry) => new()
    {
        Id = entry.Id.ToString(),
        Type = MessageType.In(entry.Opening.Span),
        Time = entry.PublishedAt,
        Publisher = entry.Publisher,
        Bytes = entry.Bytes,
        TtlSeconds = entry.TimeToLive?.TotalSeconds,
    };
}
