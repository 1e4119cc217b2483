using System.Globalization;
using System.Text;

namespace RealtimeHub.Operations;

/// <summary>Text from outside as it may stand in a sentence, a header or a terminal: nothing in it is a control, none of it turns the rest about.</summary>
internal static class Printable
{
    /// <summary>The text with what is no visible character written as <c>\u001b</c>, and cut off at a length, with an ellipsis.</summary>
    public static string Text(string text, int most = int.MaxValue)
    {
        if (text.Length <= most && text.EnumerateRunes().All(IsPrintable))
        {
            return text;
        }

        var printable = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var next = IsPrintable(rune) ? rune.ToString() : $"\\u{rune.Value:x4}";
            if (printable.Length + next.Length > most)
            {
                return printable.Append('…').ToString();
            }

            printable.Append(next);
        }

        return printable.ToString();
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);
}
