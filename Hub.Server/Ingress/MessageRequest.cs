using System.Text.Json;
using RealtimeHub.Delivery;
using RealtimeHub.Routing;

namespace RealtimeHub.Ingress;

/// <summary>What a backend sends to publish a message. The address is the URL.</summary>
internal record MessageRequest
{
    /// <summary>What the page's handlers are chosen by.</summary>
    public required string Type { get; init; }

    /// <summary>Any JSON, <c>null</c> included.</summary>
    public JsonElement Payload { get; init; }

    /// <summary>See <see cref="PublishOptions.IdempotencyKey"/>.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>See <see cref="PublishOptions.TimeToLive"/>.</summary>
    public int? TtlSeconds { get; init; }

    /// <summary>See <see cref="PublishOptions.Transient"/>.</summary>
    public bool Transient { get; init; }

    public Publication To(Address address) => new(address, Type, Payload, new PublishOptions
    {
        IdempotencyKey = IdempotencyKey,
        TimeToLive = TtlSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Transient = Transient,
    });
}
