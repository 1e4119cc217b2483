using System.Runtime.InteropServices;
using System.Text.Json;
using RealtimeHub.Routing;

namespace RealtimeHub.Publishing;

/// <summary>One message of a batch.</summary>
/// <param name="Address">Where it goes.</param>
/// <param name="Type">The word by which clients choose their handlers: 1 to 128 characters without control characters.</param>
/// <param name="Payload">Any JSON, at most 64 KB, nested at most 32 levels deep. Line ends between its tokens become spaces.</param>
/// <param name="Options">Null: durable, deliverable as long as it is retained, without an idempotency key.</param>
public sealed record Publication(Address Address, string Type, JsonElement Payload, PublishOptions? Options = null)
{
    /// <summary>The payload as it was given, so that numbers keep every digit.</summary>
    internal ReadOnlySpan<byte> RawPayload => Payload.ValueKind == JsonValueKind.Undefined ? "null"u8 : JsonMarshal.GetRawUtf8Value(Payload);

    /// <summary>A publication whose payload is serialized here, with the web defaults (camel case).</summary>
    /// <exception cref="ArgumentException">The payload refers to itself, or is nested too deep to be serialized at all.</exception>
    public static Publication Of<TPayload>(Address address, string type, TPayload payload, PublishOptions? options = null) =>
        new(address, type, payload as JsonElement? ?? PayloadRule.Serialize(payload), options);
}
