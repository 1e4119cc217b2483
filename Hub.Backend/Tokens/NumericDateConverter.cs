using System.Text.Json;
using System.Text.Json.Serialization;

namespace RealtimeHub.Tokens;

/// <summary>Seconds since 1970 in UTC, whole or with a fraction (NumericDate, RFC 7519 section 2). Written as whole seconds.</summary>
internal sealed class NumericDateConverter : JsonConverter<DateTimeOffset>
{
    private static readonly double Latest = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDouble(out var seconds) || seconds < 0 || seconds > Latest)
        {
            throw new JsonException("must be a number of seconds since 1970 in UTC, not of milliseconds");
        }

        return DateTimeOffset.UnixEpoch.AddSeconds(seconds);
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.ToUnixTimeSeconds());
}
