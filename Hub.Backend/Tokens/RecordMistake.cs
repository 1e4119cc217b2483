using System.Text.Json;
using System.Text.RegularExpressions;
using RealtimeHub.Operations;

namespace RealtimeHub.Tokens;

/// <summary>Says which field of a stored record is wrong and what it takes, for a minter in any language. Repeats no value.</summary>
internal static partial class RecordMistake
{
    private const string NoObject = "the record must be a JSON object in UTF-8";
    private const string Date = "must be a number of seconds since 1970 in UTC, not of milliseconds";

    private static readonly Dictionary<string, string> Takes = new(StringComparer.Ordinal)
    {
        ["sub"] = Identifier.Rule,
        ["name"] = "must be a string",
        ["roles"] = "must be an array of strings",
        ["claims"] = "must be an object whose values are strings or arrays of strings",
        ["groups"] = "must be an array of strings",
        ["aud"] = "must be a string, the path of a hub",
        ["sid"] = "must be a string",
        ["labels"] = "must be an array of strings",
        ["mayJoin"] = "must be an array of strings",
        ["epoch"] = "must be a whole number of milliseconds since 1970",
        ["exp"] = Date,
        ["iat"] = Date,
        ["user"] = Identifier.Rule,
        ["time"] = SeedRecord.TimeRule,
    };

    public static string Of(JsonException mistake) =>
        mistake.InnerException is JsonException ? NoObject
        : FieldIn(mistake) is not { } field ? NoObject
        : mistake.Message.StartsWith("Duplicate", StringComparison.Ordinal) ? $"{field} is there twice"
        : $"{field} {Takes[field]}";

    private static string? FieldIn(JsonException mistake) =>
        Field().Match($"{mistake.Path} {mistake.Message}") is { Success: true } match && Takes.ContainsKey(match.Groups["name"].Value) ? match.Groups["name"].Value : null;

    // The path names it, or, where one is missing, the message.
    [GeneratedRegex(@"^\$\.(?<name>\w+)|'(?<name>\w+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex Field();
}
