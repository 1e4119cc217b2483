using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace RealtimeHub.Operations.Redaction;

/// <summary>
/// Removes secrets from text, however they are encoded: tokens, grants and reconnect secrets by their prefix, connection tokens in URLs,
/// and any value that stands in the place of an access token, an API key, a credential or a password.
/// </summary>
internal static partial class SecretText
{
    public const string Redacted = "[redacted]";

    private static readonly SearchValues<string> Signs = SearchValues.Create(
        [
            "_token", "wstoken", "wsgrant", "wsreconnect", "whsec_", "id=", "api-key", "api_key", "apikey", "authorization", "cookie", "bearer", "basic", "password", "passwd", "pwd", "secret", "eyJ",
            "://", "request header", "%", "\\x", "\\u",
        ],
        StringComparison.OrdinalIgnoreCase);

    private static readonly HashSet<string> Names = new(
        ["Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key", "ApiKey", "access_token", "ws_token", "AccessToken", "ConnectionToken", "Password"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the whole value of a header or a named value with this name is a secret.</summary>
    public static bool IsNamed(string name) => Names.Contains(name);

    /// <summary>The text with each secret replaced, or the same instance if it holds none.</summary>
    public static string Redact(string text) => text.AsSpan().ContainsAny(Signs) ? RedactAll(text) : text;

    private static string RedactAll(string text)
    {
        var decoded = text.AsSpan().ContainsAny('%', '\\') ? DecodedText.Of(text) : null;
        StringBuilder? safe = null;
        var done = 0;
        foreach (Match match in Pattern().Matches(decoded?.Text ?? text))
        {
            var from = OriginOf(match.Index + match.Groups["name"].Length);
            (safe ??= new StringBuilder(text.Length)).Append(text, done, from - done).Append(Redacted);
            done = OriginOf(match.Index + match.Length);
        }

        return safe is null ? text : safe.Append(text, done, text.Length - done).ToString();

        int OriginOf(int index) => decoded?.OriginOf(index) ?? index;
    }

    // A connection token is 16 random bytes as base64url, 22 characters; longer runs of hex digits are ids of a host. Kestrel shortens what
    // it quotes, with three dots, and a header that it could not read may have been anything. Every repetition is bounded or starts at a
    // rare word, so that no text can make this slow.
    [GeneratedRegex(
        """
        (?<name>(?:access|ws|id|refresh)_token(?:=["']?|["']?\s?:\s?["']?))[^&\s"'<>]+
        |(?<name>(?<![\w-])id=)(?:(?![0-9a-f-]{23,64}(?![\w-]))[\w-]{22,}|[\w%-]+(?=\.\.\.|…))
        |ws(?:token|grant)[\w-]{8,}
        |wsreconnect(?=[\w-]+\.|[\w-]{8})[\w-]+(?:\.[\w-]+)?
        |whsec_[\w+/-]{8,}=*
        |eyJ[\w-]{8,}\.[\w.-]+
        |(?<name>\b(?:bearer|basic)\s)\s*[\w+/=.~-]{16,}
        |(?<name>(?:api[-_]?key|authorization|cookie)["']?\s?[=:]\s?["']?)[^\r\n"']+
        |(?<name>(?:password|passwd|pwd|secret)(?:=|["']\s?:\s?["']))[^\s"'<>]+
        |(?<name>://[^\s:/?\#@]{0,256}:)(?!\d{1,5}[/?\#\s])[^\s"'<>]{1,256}(?=@)
        |(?<name>Invalid\ request\ header:\ ').*(?=')
        """,
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
