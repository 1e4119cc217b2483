using System.Text;
using StackExchange.Redis;

namespace RealtimeHub.Routing;

/// <summary>
/// What goes through a channel: a message is its address, id and the id before it (nothing if it is transient), a line each, and the body;
/// a gap has no body. A command begins with an empty line, an echo of the heartbeat with two.
/// </summary>
internal static class Frame
{
    private const byte LineEnd = (byte)'\n';

    public static byte[] Transient(Address address, Cursor id, ReadOnlyMemory<byte> body) =>
        [.. Encoding.UTF8.GetBytes($"{address}\n{id}\n\n"), .. body.Span];

    /// <summary>A gap: the messages that were here are gone.</summary>
    public static byte[] Gap(Address address, Cursor id) => Encoding.UTF8.GetBytes($"{address}\n{id}\n{id}\n");

    public static byte[] Command(ReadOnlyMemory<byte> command) => [LineEnd, .. command.Span];

    public static byte[] Echo(string text) => Encoding.UTF8.GetBytes($"\n\n{text}");

    public static string? ReadEcho(ReadOnlySpan<byte> frame) =>
        frame is [LineEnd, LineEnd, .. var text] ? Encoding.UTF8.GetString(text) : null;

    /// <summary>Takes a frame apart. One that is none of ours is passed over: whoever can publish here can publish anything.</summary>
    public static void Read(RedisValue value, Inbox inbox)
    {
        ReadOnlyMemory<byte> frame = value;
        if (frame.Span is [LineEnd, ..])
        {
            inbox.Handle(frame[1..]);
            return;
        }

        var rest = frame;
        if (Address.TryParse(NextLine(ref rest), out var address) && Cursor.TryParse(NextLine(ref rest), out var id))
        {
            var after = Cursor.TryParse(NextLine(ref rest), out var cursor) ? cursor : (Cursor?)null;
            inbox.Deliver(new RoutedMessage(address, id, after, rest));
        }
    }

    private static string? NextLine(ref ReadOnlyMemory<byte> frame)
    {
        var end = frame.Span.IndexOf(LineEnd);
        if (end < 0)
        {
            return null;
        }

        var line = Encoding.UTF8.GetString(frame.Span[..end]);
        frame = frame[(end + 1)..];
        return line;
    }
}
