using System.Globalization;
using System.Text;

namespace RealtimeHub.Operations;

/// <summary>
/// Makes text from outside safe to print in a sentence, a header or a terminal: no control characters, none that change the reading
/// direction.
/// </summary>
internal static class Printable
{
    /// <summary>
    /// The text with each invisible character written as <c>\n</c> or <c>\u001b</c>, and cut off at a length, with an ellipsis.
    /// </summary>
    public static string Text(string text, int most = int.MaxValue)
    {
        if (text.Length <= most && text.EnumerateRunes().All(IsPrintable))
        {
            return text;
        }

        var printable = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var next = Written(rune);
            if (printable.Length + next.Length > most)
            {
                return printable.Append('…').ToString();
            }

            printable.Append(next);
        }

        return printable.ToString();
    }

    /// <summary>The character, or its escape where it is not printable.</summary>
    public static string Written(Rune rune) => IsPrintable(rune) ? rune.ToString() : rune.Value switch
    {
        '\r' => "\\r",
        '\n' => "\\n",
        '\t' => "\\t",
        <= 0xFFFF => string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
    };

    /// <summary>Whether characters of this category are visible and have no other effect.</summary>
    public static bool IsPrintable(UnicodeCategory category) => category is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static bool IsPrintable(Rune rune) => IsPrintable(Rune.GetUnicodeCategory(rune));
}
