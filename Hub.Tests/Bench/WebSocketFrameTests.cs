using System.Net.WebSockets;
using RealtimeHub.Bench.Load;

namespace RealtimeHub.Tests.Bench;

/// <summary>The framing of the load generator, beside that of the runtime.</summary>
public sealed class WebSocketFrameTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public async Task A_frame_of_a_server_is_read_whatever_its_length(int length)
    {
        var bytes = await SentByServerAsync(length);

        WebSocketFrame.Read(bytes, out var frame).Should().Be(bytes.Length);

        frame.Should().Be(new WebSocketFrame(WebSocketOpcode.Text, IsFinal: true, Start: bytes.Length - length, length));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_536)]
    public async Task Of_a_frame_that_is_not_there_as_a_whole_more_is_asked_for(int length)
    {
        var bytes = await SentByServerAsync(length);

        Enumerable.Range(0, bytes.Length).Where(come => WebSocketFrame.Read(bytes.AsSpan(0, come), out _) <= come).Should().BeEmpty();
    }

    [Fact]
    public void A_frame_that_is_masked_is_refused() =>
        FluentActions.Invoking(() => WebSocketFrame.Read(WebSocketFrame.Write(WebSocketOpcode.Text, [1]), out _)).Should()
            .Throw<InvalidDataException>();

    [Theory]
    [InlineData(0)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    public async Task What_is_written_a_server_reads(int length)
    {
        byte[] payload = [.. Enumerable.Range(0, length).Select(number => (byte)('a' + (number % 26)))];

        var (type, received) = await ReceivedByServerAsync(WebSocketFrame.Write(WebSocketOpcode.Text, payload));

        type.Should().Be(WebSocketMessageType.Text);
        received.Should().Equal(payload);
    }

    [Fact]
    public async Task A_goodbye_is_a_goodbye_to_a_server()
    {
        var (type, _) = await ReceivedByServerAsync(WebSocketFrame.Write(WebSocketOpcode.Close, [0x03, 0xe8]));

        type.Should().Be(WebSocketMessageType.Close);
    }

    private static async Task<byte[]> SentByServerAsync(int length)
    {
        var stream = new MemoryStream();
        using var server = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
        await server.SendAsync(new byte[length], WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        return stream.ToArray();
    }

    private static async Task<(WebSocketMessageType Type, byte[] Payload)> ReceivedByServerAsync(byte[] frame)
    {
        using var server = WebSocket.CreateFromStream(new MemoryStream(frame), new WebSocketCreationOptions { IsServer = true });
        var (payload, part) = (new MemoryStream(), new byte[100_000]);
        while (true)
        {
            var result = await server.ReceiveAsync(part, CancellationToken.None);
            payload.Write(part, 0, result.Count);
            if (result.EndOfMessage)
            {
                return (result.MessageType, payload.ToArray());
            }
        }
    }
}
