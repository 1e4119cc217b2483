namespace RealtimeHub.Operations;

/// <summary>The rule for names that backends choose, of users, groups, sessions and labels.</summary>
/// <remarks>
/// 1 to 256 UTF-16 code units, no control characters, no lone surrogates. Compared ordinally: <c>alice</c> is not <c>Alice</c>.
/// </remarks>
internal static class Identifier
{
    /// <summary>The longest identifier, in UTF-16 code units.</summary>
    public const int MaxLength = 256;

    /// <summary>The rule in words, for error messages.</summary>
    public const string Rule = "must be 1 to 256 characters without control characters";

    /// <summary>Whether <paramref name="text"/> may name a user, a group or a session; or, with another length, a label.</summary>
    public static bool IsValid(ReadOnlySpan<char> text, int maxLength = MaxLength)
    {
        if (text.Length == 0 || text.Length > maxLength)
        {
            return false;
        }

        foreach (var rune in text.EnumerateRunes())
        {
            // A lone surrogate is read as U+FFFD. A real U+FFFD is refused as well: it shows that the name was damaged before.
            if (rune == System.Text.Rune.ReplacementChar || System.Text.Rune.IsControl(rune))
            {
                return false;
            }
        }

        return true;
    }
}
