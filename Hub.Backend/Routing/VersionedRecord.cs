namespace RealtimeHub.Routing;

/// <summary>
/// The form of all that nodes send each other or keep for each other in Redis: a version and a subject, a line for each field, and behind
/// an empty line perhaps a body. docs/protocol.md says how nodes of two versions read each other ("Between nodes").
/// </summary>
/// <remarks>It is read where it lies: nothing is copied, and a field costs nothing until it is asked for.</remarks>
internal readonly struct VersionedRecord
{
    /// <summary>What every record of ours begins with.</summary>
    public const string Version = "1";

    private readonly ReadOnlyMemory<byte> _fields;

    private VersionedRecord(ReadOnlyMemory<byte> subject, ReadOnlyMemory<byte> fields, ReadOnlyMemory<byte> body) =>
        (Subject, _fields, Body) = (subject, fields, body);

    /// <summary>What the record is, or is about: the rest of its first line.</summary>
    public ReadOnlyMemory<byte> Subject { get; }

    /// <summary>What follows the empty line; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <returns>False if it is no record, or one of a version that cannot be read.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> text, out VersionedRecord record)
    {
        var (header, body) = Cut(text, "\n\n"u8);
        var (first, fields) = Cut(header, "\n"u8);
        var (version, subject) = Cut(first, " "u8);
        record = new VersionedRecord(subject, fields, body);
        return !subject.IsEmpty && IsRead(version.Span);
    }

    /// <summary>The value of a field; empty if the record has no such field.</summary>
    public ReadOnlyMemory<byte> Find(ReadOnlySpan<byte> name)
    {
        var rest = _fields;
        while (!rest.IsEmpty)
        {
            (var line, rest) = Cut(rest, "\n"u8);
            if (line.Length > name.Length && line.Span[name.Length] == ' ' && line.Span.StartsWith(name))
            {
                return line[(name.Length + 1)..];
            }
        }

        return default;
    }

    // Behind a dot stands a number of additions, all of which may be skipped.
    private static bool IsRead(ReadOnlySpan<byte> version) =>
        version is [(byte)'1']
        || (version is [(byte)'1', (byte)'.', .. var minor] && !minor.IsEmpty && !minor.ContainsAnyExceptInRange((byte)'0', (byte)'9'));

    private static (ReadOnlyMemory<byte> Before, ReadOnlyMemory<byte> After) Cut(ReadOnlyMemory<byte> text, ReadOnlySpan<byte> at)
    {
        var start = text.Span.IndexOf(at);
        return start < 0 ? (text, default) : (text[..start], text[(start + at.Length)..]);
    }
}
