using System.Text.Json;
using System.Text.Json.Serialization;

namespace RealtimeHub.Insight;

/// <summary>What canaries tell each other.</summary>
/// <param name="Kind">One of the words below. What is none is skipped: a later version may have more.</param>
/// <param name="From">The id of the node that tells it.</param>
/// <param name="Question">Which question is asked, or answered.</param>
internal sealed partial record CanaryMessage(string Kind, string From, string? Question = null)
{
    /// <summary>The type of the message that bears it.</summary>
    public const string Type = "canary";

    public const string Ask = "ask";
    public const string Answer = "answer";
    public const string Leave = "leave";

    /// <summary>Reads the payload of a message; null if it is none of a canary.</summary>
    public static CanaryMessage? Read(JsonElement payload)
    {
        try
        {
            return payload.Deserialize(Json.Default.CanaryMessage) is { Kind: not null, From: not null } message ? message : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public JsonElement Write() => JsonSerializer.SerializeToElement(this, Json.Default.CanaryMessage);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(CanaryMessage))]
    private sealed partial class Json : JsonSerializerContext;
}
