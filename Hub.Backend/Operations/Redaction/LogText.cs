using System.Buffers;
using System.Text;

namespace RealtimeHub.Operations.Redaction;

/// <summary>
/// Makes text safe for a log: without secrets, and without characters that would control a terminal, forge a line or change the reading
/// direction.
/// </summary>
internal static class LogText
{
    private static readonly SearchValues<char> Suspicious = SearchValues.Create(
        [.. Enumerable.Range(char.MinValue, char.MaxValue + 1).Select(code => (char)code)
            .Where(character => char.IsSurrogate(character) || !Printable.IsPrintable(char.GetUnicodeCategory(character)))]);

    /// <summary>The text on one line, or the same instance if it is safe.</summary>
    public static string Line(string text) => Escape(SecretText.Redact(text));

    /// <summary>The same for a text of several lines, such as a stack trace.</summary>
    public static string Lines(string text) =>
        string.Join('\n', SecretText.Redact(text).Split('\n').Select(line => Escape(line.TrimEnd('\r'))));

    private static string Escape(string text)
    {
        if (!text.AsSpan().ContainsAny(Suspicious))
        {
            return text;
        }

        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            safe.Append(Printable.Written(rune));
        }

        return safe.Equals(text) ? text : safe.ToString();
    }
}
