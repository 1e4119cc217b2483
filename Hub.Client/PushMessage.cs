using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace RealtimeHub.Client;

/// <summary>One push, as the hub sent it.</summary>
/// <param name="Id">Unique. Compare it for equality, nothing else.</param>
/// <param name="After">The id of the message before it in the log of its address; null if it is transient and stands in no log.</param>
/// <param name="Address">Where it was published to: <c>user:alice</c>, <c>group:room1</c> or <c>everyone</c>.</param>
/// <param name="Type">The word by which handlers are chosen, such as <c>order.shipped</c>.</param>
/// <param name="Payload">Any JSON, as the backend published it.</param>
/// <param name="Time">When it was published, in UTC.</param>
public sealed record PushMessage(string Id, string? After, string Address, string Type, JsonElement Payload, DateTimeOffset Time)
{
    /// <summary>
    /// Where its publisher stands in a trace, as W3C's header <c>traceparent</c> has it: only if the client asks for it (<c>?trace=true</c>
    /// in <see cref="PushClientOptions.Url"/>), the message comes live, and its publisher is traced.
    /// </summary>
    public string? TraceParent { get; init; }

    /// <summary>Whether its publisher waits until it is handled.</summary>
    internal bool IsReceiptAwaited { get; init; }

    internal bool IsTransient => After is null;

    /// <exception cref="JsonException">The payload cannot be read as that type.</exception>
    internal PushMessage<TPayload> As<TPayload>(JsonTypeInfo<TPayload> type) =>
        new(Id, After, Address, Type, Payload.Deserialize(type), Time) { TraceParent = TraceParent };
}
