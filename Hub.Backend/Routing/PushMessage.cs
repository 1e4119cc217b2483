using System.Runtime.InteropServices;
using System.Text.Json;
using RealtimeHub.Operations;

namespace RealtimeHub.Routing;

/// <summary>
/// What an <c>IHubContext</c> pushes to who is connected now. It stands in no log; to miss nothing, publish with <c>IPublisher</c>.
/// </summary>
/// <param name="Id">Unique among all messages.</param>
/// <param name="Address">Whom it is for, so that a client can tell what is for it alone.</param>
/// <param name="Type">What the page's handlers are chosen by, 1 to 128 characters, such as <c>order.shipped</c>.</param>
/// <param name="Payload">Any JSON, passed on as it was given: numbers keep every digit.</param>
/// <param name="Time">When it was pushed, in UTC.</param>
public sealed record PushMessage(string Id, Address Address, string Type, JsonElement Payload, DateTimeOffset Time)
{
    /// <summary>The longest type, in characters.</summary>
    public const int MaxTypeLength = 128;

    /// <summary>A new message, pushed now.</summary>
    /// <exception cref="ArgumentException">The type breaks its rule, or the payload: at most 64 KB, nested 32 levels deep at the
    /// most.</exception>
    public static PushMessage Create<TPayload>(Address address, string type, TPayload payload, TimeProvider? time = null)
    {
        if (!IsType(type))
        {
            throw new ArgumentException(TypeRule, nameof(type));
        }

        var json = payload is JsonElement element ? element : PayloadRule.Serialize(payload);
        var message = new PushMessage(Cursor.Transient().ToString(), address, type, json, (time ?? TimeProvider.System).GetUtcNow());
        return message.Mistake() is { } mistake ? throw new ArgumentException(mistake, nameof(payload)) : message;
    }

    /// <summary>What is wrong with the payload, in words, or null.</summary>
    internal string? Mistake() =>
        Payload.ValueKind == JsonValueKind.Undefined ? null : PayloadRule.Mistake(JsonMarshal.GetRawUtf8Value(Payload));

    internal const string TypeRule = "The type must be 1 to 128 characters without control characters.";

    internal static bool IsType(string? type) => type is { Length: > 0 and <= MaxTypeLength } && Identifier.IsValid(type);
}
