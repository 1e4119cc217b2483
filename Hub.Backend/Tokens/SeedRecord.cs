using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using RealtimeHub.Operations;

namespace RealtimeHub.Tokens;

/// <summary>
/// What a site of the seed stores under a token: <c>{"user":"alice","time":"24:11:2026:13:05:09"}</c>. Only read here, never written.
/// </summary>
internal sealed record SeedRecord
{
    /// <summary>The rule for <c>time</c> in words.</summary>
    public const string TimeRule = "must be when the token was minted, in UTC, as %d:%m:%Y:%H:%M:%S";

    private const string TimeFormat = "dd:MM:yyyy:HH:mm:ss";

    [JsonPropertyName("user")]
    public required string User { get; init; }

    /// <summary>When it was minted, by the site's clock, in UTC.</summary>
    [JsonPropertyName("time")]
    public required string Time { get; init; }

    /// <summary>What spending a token with this record comes to.</summary>
    /// <remarks>
    /// Redis never ends such a token, so only its time can. One from the future would live longer than it may: its record is as bad as a
    /// broken one.
    /// </remarks>
    public static SpendResult Spend(ReadOnlySpan<byte> json, DateTimeOffset now, TimeSpan lifetime)
    {
        if (!TryParse(json, out var record, out var mistake))
        {
            return SpendResult.Malformed(mistake);
        }

        return record.IssuedAt > now ? SpendResult.Malformed("time is in the future: the clock of the site is ahead of the hub's")
            : now - record.IssuedAt > lifetime ? SpendResult.Unknown
            : SpendResult.Of(record, now);
    }

    private static bool TryParse(
        ReadOnlySpan<byte> json, [NotNullWhen(true)] out TokenRecord? record, [NotNullWhen(false)] out string? mistake)
    {
        if (json.Length > TokenRecord.MaxBytes)
        {
            (record, mistake) = (null, TokenRecord.TooLarge);
            return false;
        }

        try
        {
            var seed = JsonSerializer.Deserialize(json, TokenJson.Default.SeedRecord) ?? throw new JsonException();
            return seed.TryConvert(out record, out mistake);
        }
        catch (JsonException broken)
        {
            (record, mistake) = (null, RecordMistake.Of(broken));
            return false;
        }
    }

    private bool TryConvert([NotNullWhen(true)] out TokenRecord? record, [NotNullWhen(false)] out string? mistake)
    {
        (record, mistake) = (null, null);
        if (!Identifier.IsValid(User))
        {
            mistake = $"user {Identifier.Rule}";
            return false;
        }

        if (!DateTimeOffset.TryParseExact(Time, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            mistake = $"time {TimeRule}";
            return false;
        }

        record = new TokenRecord { Subject = User, IssuedAt = time };
        return true;
    }
}
