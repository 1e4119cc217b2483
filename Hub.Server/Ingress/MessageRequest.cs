using System.Text.Json;

namespace RealtimeHub.Ingress;

/// <summary>What a backend sends to publish a message. The address is the URL.</summary>
/// <param name="Type">What the page's handlers are chosen by.</param>
/// <param name="Payload">Any JSON, <c>null</c> included.</param>
internal sealed record MessageRequest(string Type, JsonElement Payload = default)
{
    public JsonElement? PayloadOrNull => Payload.ValueKind == JsonValueKind.Undefined ? null : Payload;
}
