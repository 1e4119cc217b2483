using System.Text;

namespace RealtimeHub.Routing;

/// <summary>
/// Reads what comes through a node's channels. A kind that this version does not know is skipped: whoever can publish here can publish
/// anything.
/// </summary>
internal static class Frame
{
    /// <summary>What a node has sent to itself, if it is that.</summary>
    public static string? ReadEcho(VersionedRecord frame) =>
        frame.Subject.Span.SequenceEqual("echo"u8) ? Encoding.UTF8.GetString(frame.Body.Span) : null;

    /// <summary>What another node asks of this one, in the words of its sender, if it is that.</summary>
    public static ReadOnlyMemory<byte>? ReadCommand(VersionedRecord frame) =>
        frame.Subject.Span.SequenceEqual("command"u8) ? frame.Body : default(ReadOnlyMemory<byte>?);

    /// <summary>A message, if it is that.</summary>
    public static RoutedMessage? ReadMessage(VersionedRecord frame) =>
        frame.Subject.Span.SequenceEqual("message"u8)
        && Address.TryParse(Encoding.UTF8.GetString(frame.Find("address"u8).Span), out var address)
        && Cursor.TryParse(frame.Find("id"u8).Span, out var id)
            ? new RoutedMessage(address, id, AfterOf(frame), frame.Body) { Sender = frame.Find("node"u8), TraceParent = TraceParentOf(frame) }
            : null;

    private static Cursor? AfterOf(VersionedRecord frame) => Cursor.TryParse(frame.Find("after"u8).Span, out var after) ? after : null;

    // Whoever can publish to Redis could write anything here, and clients are told it.
    private static string? TraceParentOf(VersionedRecord frame) => frame.Find("traceparent"u8) is { IsEmpty: false } trace
        ? TracePlace.Write(TracePlace.Parse(Encoding.UTF8.GetString(trace.Span)))
        : null;
}
