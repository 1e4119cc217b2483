using System.Text.Json;
using RealtimeHub.Delivery;
using RealtimeHub.Routing;

namespace RealtimeHub.Ingress;

/// <summary>What a backend sends to publish a message. The address is the URL.</summary>
/// <param name="Type">What the page's handlers are chosen by.</param>
/// <param name="Payload">Any JSON, <c>null</c> included.</param>
/// <param name="IdempotencyKey">See <see cref="PublishOptions.IdempotencyKey"/>.</param>
/// <param name="TtlSeconds">See <see cref="PublishOptions.TimeToLive"/>.</param>
/// <param name="Transient">See <see cref="PublishOptions.Transient"/>.</param>
internal sealed record MessageRequest(
    string Type, JsonElement Payload = default, string? IdempotencyKey = null, int? TtlSeconds = null, bool Transient = false)
{
    public Publication To(Address address) => new(address, Type, Payload, new PublishOptions
    {
        IdempotencyKey = IdempotencyKey,
        TimeToLive = TtlSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Transient = Transient,
    });
}
