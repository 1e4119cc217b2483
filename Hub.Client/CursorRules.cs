using System.Globalization;
using System.Text;

namespace RealtimeHub.Client;

/// <summary>
/// The rules of docs/protocol.md for addresses and cursors. They are checked here, because what an application has stored may be anything.
/// </summary>
internal static class CursorRules
{
    /// <summary>
    /// The most addresses of a connection, and so the most cursors of a <c>Resume</c>: a user, everyone, and 1,000 groups.
    /// </summary>
    public const int MaxCursors = 1_002;

    /// <summary>
    /// The most characters of all these addresses together: 65,536 for the names of groups, 256 for the user's.
    /// </summary>
    public const int MaxCharacters = 65_536 + (1_000 * 6) + 256 + 5 + 8;

    private const int LongestName = 256;

    public static bool IsAddress(string text) =>
        text == "everyone" || HasName(text, "user:") || HasName(text, "group:");

    public static bool IsCursor(string? text) =>
        text?.Split('-') is [var offset, var tag] && IsNumber(offset) && IsNumber(tag);

    private static bool HasName(string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.Ordinal) && IsName(text.AsSpan(prefix.Length));

    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var rune in name.EnumerateRunes())
        {
            // A lone surrogate is read as U+FFFD, which the hub refuses as well.
            if (rune == Rune.ReplacementChar || Rune.IsControl(rune))
            {
                return false;
            }
        }

        return name.Length is > 0 and <= LongestName;
    }

    private static bool IsNumber(string digits) =>
        ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && digits == number.ToString(CultureInfo.InvariantCulture);
}
