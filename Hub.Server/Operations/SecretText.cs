using System.Buffers;
using System.Text.RegularExpressions;

namespace RealtimeHub.Operations;

/// <summary>Takes secrets out of text: tokens and grants by their prefix, whatever stands in a query parameter meant for them, connection tokens.</summary>
internal static partial class SecretText
{
    private static readonly SearchValues<string> Signs =
        SearchValues.Create(["_token", "wstoken", "wsgrant", "id="], StringComparison.OrdinalIgnoreCase);

    /// <summary>The text with each secret replaced, or the same instance if it holds none.</summary>
    public static string Redact(string text) =>
        text.AsSpan().ContainsAny(Signs) ? Pattern().Replace(text, match => match.Groups["name"].Value + "[redacted]") : text;

    // A connection token is 16 random bytes as base64url: 22 characters.
    [GeneratedRegex(
        """(?<name>(?:access|ws)_token(?:=|%3D))[^&\s"'<>]+|(?<name>[?&]id=)[\w-]{22}(?![\w-])|ws(?:token|grant)[\w-]{32,}""",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
