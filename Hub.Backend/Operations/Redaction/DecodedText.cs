using System.Text;

namespace RealtimeHub.Operations.Redaction;

/// <summary>A text in which every escape is decoded. It knows the original place of each character.</summary>
/// <remarks>
/// Decodes <c>%77</c>, <c>\x77</c> and <c>\u0077</c>, mixed and nested to any depth, in one pass: a decoded character replaces its escape,
/// and may complete another. An encoded character that would end a value (white space, quotes, &amp;) belongs to the value, so it is
/// replaced by one that does not end it.
/// </remarks>
internal sealed class DecodedText
{
    private const char PartOfValue = '\uE000';

    private readonly StringBuilder _text = new();
    private readonly List<int> _origins = [];

    private DecodedText(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            Append(text[index], index);
        }

        _origins.Add(text.Length);
    }

    public string Text => _text.ToString();

    public static DecodedText Of(string text) => new(text);

    /// <summary>
    /// The place in the original where the character at a place of <see cref="Text"/> begins; behind the last character, the original's
    /// end.
    /// </summary>
    public int OriginOf(int index) => _origins[index];

    private void Append(char character, int origin)
    {
        _text.Append(character);
        _origins.Add(origin);
        while (char.IsAsciiHexDigit(_text[^1]) && (TryCollapse("%", 2) || TryCollapse("\\x", 2) || TryCollapse("\\u", 4)))
        {
        }
    }

    /// <summary>If the text ends with an escape of an ASCII character, replaces it by that character.</summary>
    private bool TryCollapse(string mark, int digits)
    {
        var start = _text.Length - digits - mark.Length;
        if (start < 0 || !EndsWithEscape(start, mark))
        {
            return false;
        }

        var code = Convert.ToInt32(_text.ToString(start + mark.Length, digits), 16);
        if (code > 0x7F)
        {
            return false;
        }

        _text.Length = start + 1;
        _text[start] = code <= ' ' || (char)code is '&' or '"' or '\'' or '<' or '>' or '\x7F' ? PartOfValue : (char)code;
        _origins.RemoveRange(start + 1, _origins.Count - start - 1);
        return true;
    }

    private bool EndsWithEscape(int start, string mark)
    {
        for (var index = start; index < _text.Length; index++)
        {
            var isAsExpected = index - start < mark.Length ? _text[index] == mark[index - start] : char.IsAsciiHexDigit(_text[index]);
            if (!isAsExpected)
            {
                return false;
            }
        }

        return true;
    }
}
