using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RealtimeHub.Tokens;

/// <summary>What a site of the seed stores under a token: <c>{"user":"alice","time":"24:11:2026:13:05:09"}</c>. Only read here, never written.</summary>
internal sealed record SeedRecord
{
    private const string TimeFormat = "dd:MM:yyyy:HH:mm:ss";

    [JsonPropertyName("user")]
    public required string User { get; init; }

    /// <summary>When it was minted, by the site's clock, in UTC.</summary>
    [JsonPropertyName("time")]
    public required string Time { get; init; }

    /// <summary>What spending a token with this record comes to.</summary>
    /// <remarks>
    /// Redis never ends such a token, so only its time can. One from the future would live longer than it may: its record is as bad as a broken one.
    /// </remarks>
    public static SpendResult Spend(ReadOnlySpan<byte> json, DateTimeOffset now, TimeSpan lifetime) =>
        Parse(json) is not { } record || record.IssuedAt > now ? SpendResult.Malformed
        : now - record.IssuedAt > lifetime ? SpendResult.Unknown
        : SpendResult.Of(record, now);

    private static TokenRecord? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, TokenJson.Default.SeedRecord)?.ToTokenRecord();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private TokenRecord? ToTokenRecord() =>
        Identifier.IsValid(User) && DateTimeOffset.TryParseExact(Time, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? new TokenRecord { Subject = User, IssuedAt = time }
            : null;
}
