using System.Globalization;
using System.Text.Unicode;

namespace RealtimeHub.Routing;

/// <summary>A message on its way from the router to the connections of its address, still as the publisher encoded it.</summary>
/// <param name="Address">Where it was published to.</param>
/// <param name="Id">Its place in the log; offset 0 if it is transient.</param>
/// <param name="After">The id of the message before it in the log; null if it is transient.</param>
/// <param name="Body">The message's JSON object without its <c>id</c> and <c>after</c>, from its next member to its closing brace.</param>
internal readonly record struct RoutedMessage(Address Address, Cursor Id, Cursor? After, ReadOnlyMemory<byte> Body)
{
    /// <summary>The most bytes of what goes before <see cref="Body"/>.</summary>
    public const int MaxOpening = 112;

    /// <summary>The most bytes that a place in a trace adds to them.</summary>
    public const int MaxTrace = 80;

    /// <summary>
    /// The node that has published it, as it calls itself; empty for a process that is no node, and for what was read from a log.
    /// </summary>
    public ReadOnlyMemory<byte> Sender { get; init; }

    /// <summary>The publisher's place in a trace; null if it has none, and for what was read from a log.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Whether this is the place of messages that the log has lost.</summary>
    public bool IsGap => Body.IsEmpty;

    /// <summary>The place of messages that are gone, or have passed this node by, up to an id.</summary>
    public static RoutedMessage Gap(Address address, Cursor id) => new(address, id, After: id, Body: default);

    /// <summary>What goes before <see cref="Body"/> to make it the JSON object that a client gets.</summary>
    public byte[] Opening()
    {
        Span<byte> opening = stackalloc byte[MaxOpening];
        return opening[..WriteOpening(opening)].ToArray();
    }

    /// <summary>Writes the same to where <see cref="MaxOpening"/> bytes are free, and <see cref="MaxTrace"/> more for a trace.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="withTrace">Whether it also says where the publisher stands in a trace, if he does.</param>
    /// <returns>How many bytes it took.</returns>
    public int WriteOpening(Span<byte> to, bool withTrace = false)
    {
        var (length, invariant) = (0, CultureInfo.InvariantCulture);
        _ = After is { } after
            ? Utf8.TryWrite(to, invariant, $$"""{"id":"{{Id.Offset}}-{{Id.Tag}}","after":"{{after.Offset}}-{{after.Tag}}",""", out length)
            : Utf8.TryWrite(to, invariant, $$"""{"id":"{{Id.Offset}}-{{Id.Tag}}",""", out length);
        return withTrace && TraceParent is { } trace ? length + WriteTrace(trace, to[length..]) : length;
    }

    private static int WriteTrace(string trace, Span<byte> to)
    {
        Utf8.TryWrite(to, CultureInfo.InvariantCulture, $"\"traceparent\":\"{trace}\",", out var length);
        return length;
    }
}
