using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace RealtimeHub.Routing;

/// <summary>
/// A place in the log of one address: the id of a message, <c>&lt;offset&gt;-&lt;tag&gt;</c>. A client's cursor is the id of the last
/// message that it has handled there.
/// </summary>
/// <param name="Offset">Grows by one with each message of an address. Never used again by a later log of the same address.</param>
/// <param name="Tag">64 random bits, so that an offset that Redis hands out again after losing its last writes is told from the first.</param>
internal readonly record struct Cursor(ulong Offset, ulong Tag)
{
    // One call of the generator costs about as much as for all of these.
    private const int TagsAtOnce = 64;

    // Two numbers of 20 digits.
    private const int LongestText = 41;

    [ThreadStatic]
    private static ulong[]? _tags;

    [ThreadStatic]
    private static int _tagsLeft;

    /// <summary>Whether it is the id of a transient message, which is in no log.</summary>
    public bool IsTransient => Offset == 0;

    /// <summary>The id of a transient message.</summary>
    public static Cursor Transient() => new(0, RandomTag());

    /// <summary>The random half of a new id.</summary>
    public static ulong RandomTag()
    {
        _tags ??= new ulong[TagsAtOnce];
        if (_tagsLeft == 0)
        {
            RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(_tags.AsSpan()));
            _tagsLeft = TagsAtOnce;
        }

        return _tags[--_tagsLeft];
    }

    /// <summary>Reads what <see cref="ToString"/> writes and nothing else: no signs, no spaces, no leading zeros.</summary>
    public static bool TryParse(string? text, out Cursor cursor)
    {
        Span<byte> utf8 = stackalloc byte[LongestText];
        cursor = default;
        return Encoding.UTF8.TryGetBytes(text, utf8, out var length) && TryParse(utf8[..length], out cursor);
    }

    /// <summary>Reads the same in UTF-8.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Cursor cursor)
    {
        var dash = text.IndexOf((byte)'-');
        if (dash > 0 && TryParse(text[..dash], out ulong offset) && TryParse(text[(dash + 1)..], out ulong tag))
        {
            cursor = new Cursor(offset, tag);
            return true;
        }

        cursor = default;
        return false;
    }

    /// <summary>The cursor as it stands in messages, in Redis and in JSON.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Offset}-{Tag}");

    // The framework's own parser passes over NULs at the end.
    private static bool TryParse(ReadOnlySpan<byte> digits, out ulong number) =>
        ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && (digits.Length == 1 || digits[0] != '0') && digits[^1] != 0;
}
