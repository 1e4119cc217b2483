using System.Text.Json;
using System.Text.Json.Serialization;

namespace RealtimeHub.Tokens;

/// <summary>An object of claim types, each with a string or an array of strings. A single value is written as a string.</summary>
internal sealed class ClaimsConverter : JsonConverter<IReadOnlyDictionary<string, IReadOnlyList<string>>>
{
    public override IReadOnlyDictionary<string, IReadOnlyList<string>> Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw NotClaims();
        }

        var claims = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var type = Text(ref reader);
            reader.Read();
            if (!claims.TryAdd(type, Values(ref reader)))
            {
                throw new JsonException("claims must name each type once");
            }
        }

        return claims;
    }

    public override void Write(
        Utf8JsonWriter writer, IReadOnlyDictionary<string, IReadOnlyList<string>> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (type, values) in value)
        {
            writer.WritePropertyName(type);
            WriteValues(writer, values);
        }

        writer.WriteEndObject();
    }

    private static List<string> Values(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return [Text(ref reader)];
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw NotClaims();
        }

        var values = new List<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            values.Add(Text(ref reader));
        }

        return reader.TokenType == JsonTokenType.EndArray ? values : throw NotClaims();
    }

    private static void WriteValues(Utf8JsonWriter writer, IReadOnlyList<string> values)
    {
        if (values.Count == 1)
        {
            writer.WriteStringValue(values[0]);
            return;
        }

        writer.WriteStartArray();
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    // A lone surrogate escape is an InvalidOperationException to the reader; to us it is one more kind of broken JSON.
    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException broken)
        {
            throw new JsonException(broken.Message, broken);
        }
    }

    private static JsonException NotClaims() => new("claims must be an object whose values are strings or arrays of strings");
}
