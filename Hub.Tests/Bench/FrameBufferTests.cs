using System.Text;
using RealtimeHub.Bench.Load;

namespace RealtimeHub.Tests.Bench;

public sealed class FrameBufferTests
{
    private const byte Final = 0x80;
    private const byte Text = (byte)WebSocketOpcode.Text;
    private const byte Continuation = (byte)WebSocketOpcode.Continuation;

    private readonly FrameBuffer _buffer = new();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10_000)]
    public void Messages_are_whole_however_they_are_cut(int piece)
    {
        byte[] stream = [.. Frame(Final | Text, "one"), .. Frame(Final | Text, new string('x', 5_000)),
            .. Frame(Final | (byte)WebSocketOpcode.Ping, ""), .. Frame(Final | Text, "two")];

        Messages(stream, piece).Should().Equal("Text one", $"Text {new string('x', 5_000)}", "Ping ", "Text two");
    }

    [Fact]
    public void Fragments_are_one_message_also_with_a_ping_between() =>
        Messages([.. Frame(Text, "a"), .. Frame(Continuation, "b"),
            .. Frame(Final | (byte)WebSocketOpcode.Ping, "?"), .. Frame(Final | Continuation, "c")], piece: 2)
            .Should().Equal("Ping ?", "Text abc");

    private List<string> Messages(byte[] stream, int piece)
    {
        var messages = new List<string>();
        for (var left = stream.AsSpan(); left.Length > 0;)
        {
            var fits = Math.Min(Math.Min(piece, left.Length), _buffer.Free.Length);
            left[..fits].CopyTo(_buffer.Free.Span);
            _buffer.Fill(fits);
            left = left[fits..];
            while (_buffer.TryTakeMessage(out var opcode, out var payload))
            {
                messages.Add($"{opcode} {Encoding.UTF8.GetString(payload)}");
            }

            _buffer.MakeRoom();
        }

        return messages;
    }

    private static byte[] Frame(byte first, string payload) => payload.Length <= 125
        ? [first, (byte)payload.Length, .. Encoding.UTF8.GetBytes(payload)]
        : [first, 126, (byte)(payload.Length >> 8), (byte)payload.Length, .. Encoding.UTF8.GetBytes(payload)];
}
