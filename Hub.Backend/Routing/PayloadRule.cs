using System.Text.Json;
using System.Text.Unicode;

namespace RealtimeHub.Routing;

/// <summary>What a payload must be so that every client can read it, by every transport, live and out of the log.</summary>
/// <remarks>The readers behind it, and what each of them bears, stand in docs/protocol.md.</remarks>
internal static class PayloadRule
{
    /// <summary>The most bytes: 64 KB.</summary>
    public const int MostBytes = 64 * 1024;

    /// <summary>
    /// The most levels of arrays and objects, one in another. Readers bear 64, and an answer to <c>Resume</c> takes six of them.
    /// </summary>
    public const int MostLevels = 32;

    public static readonly string Size = $"The payload may have {MostBytes / 1024} KB at the most.";

    public static readonly string Depth = $"The payload may be nested {MostLevels} levels deep at the most.";

    private const string Encoding = "The payload must be valid UTF-8.";

    private const string Surrogates = "The payload has half a surrogate pair, such as \\ud83d by itself, which is no character: not every client can read it.";

    /// <summary>What is wrong with a payload, valid JSON otherwise, in words, or null.</summary>
    /// <param name="json">The payload.</param>
    /// <param name="isUtf8">Whether it is known to be valid UTF-8.</param>
    public static string? Mistake(ReadOnlySpan<byte> json, bool isUtf8 = false) =>
        !isUtf8 && !Utf8.IsValid(json) ? Encoding
        : json.Length > MostBytes ? Size
        : MayBeDeep(json) || MayHaveSurrogates(json) ? MistakeInTokens(json)
        : null;

    /// <summary>Serializes a payload with the defaults of the web.</summary>
    /// <exception cref="ArgumentException">It refers to itself, or is nested deeper than the serializer goes.</exception>
    public static JsonElement Serialize<TPayload>(TPayload payload)
    {
        try
        {
            return JsonSerializer.SerializeToElement(payload, JsonSerializerOptions.Web);
        }
        catch (JsonException tooDeep)
        {
            throw new ArgumentException($"{Depth} {tooDeep.Message}", nameof(payload), tooDeep);
        }
    }

    // Cheap checks first: most payloads need not be parsed.
    private static bool MayBeDeep(ReadOnlySpan<byte> json) => json.Count((byte)'[') + json.Count((byte)'{') > MostLevels;

    private static bool MayHaveSurrogates(ReadOnlySpan<byte> json) => json.IndexOf("\\ud"u8) >= 0 || json.IndexOf("\\uD"u8) >= 0;

    private static string? MistakeInTokens(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader is { TokenType: JsonTokenType.StartArray or JsonTokenType.StartObject, CurrentDepth: MostLevels })
            {
                return Depth;
            }

            if (reader is { TokenType: JsonTokenType.String or JsonTokenType.PropertyName, ValueIsEscaped: true } && !IsText(ref reader))
            {
                return Surrogates;
            }
        }

        return null;
    }

    private static bool IsText(ref Utf8JsonReader reader)
    {
        try
        {
            _ = reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
