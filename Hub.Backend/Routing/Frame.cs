using System.Text;

namespace RealtimeHub.Routing;

/// <summary>
/// Reads what comes through a node's channels. A kind that this version does not know is skipped: whoever can publish here can publish
/// anything.
/// </summary>
internal static class Frame
{
    /// <summary>Hands a message, or what is asked of this node, to its inbox.</summary>
    public static void Read(VersionedRecord frame, Inbox inbox)
    {
        if (frame.Subject.Span.SequenceEqual("message"u8))
        {
            ReadMessage(frame, inbox);
        }
        else if (frame.Subject.Span.SequenceEqual("command"u8))
        {
            inbox.Handle(frame.Body);
        }
    }

    /// <summary>What a node has sent to itself, if it is that.</summary>
    public static string? ReadEcho(VersionedRecord frame) =>
        frame.Subject.Span.SequenceEqual("echo"u8) ? Encoding.UTF8.GetString(frame.Body.Span) : null;

    private static void ReadMessage(VersionedRecord frame, Inbox inbox)
    {
        if (Address.TryParse(Encoding.UTF8.GetString(frame.Find("address"u8).Span), out var address)
            && Cursor.TryParse(frame.Find("id"u8).Span, out var id))
        {
            var after = Cursor.TryParse(frame.Find("after"u8).Span, out var cursor) ? cursor : (Cursor?)null;
            inbox.Deliver(new RoutedMessage(address, id, after, frame.Body)
            {
                Sender = frame.Find("node"u8),
                TraceParent = TraceParentOf(frame),
            });
        }
    }

    private static string? TraceParentOf(VersionedRecord frame) =>
        frame.Find("traceparent"u8) is { IsEmpty: false } trace ? Encoding.UTF8.GetString(trace.Span) : null;
}
