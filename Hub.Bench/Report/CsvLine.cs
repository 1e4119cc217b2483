using System.Text.RegularExpressions;

namespace RealtimeHub.Bench.Report;

/// <summary>A line of CSV (RFC 4180): a field with a comma or a quotation mark in it stands in quotation marks.</summary>
internal static partial class CsvLine
{
    public static string Write(params IEnumerable<string> fields) => string.Join(',', fields.Select(Quote));

    public static string[] Read(string line) => [.. Field().Matches(line).Select(field => field.Groups["quoted"] is { Success: true } quoted
        ? quoted.Value.Replace("\"\"", "\"", StringComparison.Ordinal)
        : field.Groups["plain"].Value)];

    private static string Quote(string field) =>
        field.AsSpan().IndexOfAny(',', '"') < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    [GeneratedRegex("(?:^|,)(?:\"(?<quoted>(?:[^\"]|\"\")*)\"(?=,|$)|(?<plain>[^,]*))")]
    private static partial Regex Field();
}
