using System.Net;
using RealtimeHub.Hosting;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Hosting;

/// <summary>Who asks for much over HTTP/2 and takes nothing makes the node keep little.</summary>
public sealed class AnswersInPiecesTests
{
    [Fact]
    public async Task A_piece_is_written_when_the_one_before_it_was_taken()
    {
        var slow = new SlowStream();
        var written = new StreamInPieces(slow).WriteAsync(new byte[100_000]).AsTask();

        while (!written.IsCompleted)
        {
            slow.Untaken.Should().BeLessThanOrEqualTo(4 * 1024);
            slow.Take();
        }

        await written;
        slow.Taken.Should().Be(100_000);
    }

    [Theory]
    [InlineData("/realtimehub.js")]
    [InlineData("/docs/protocol.md")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/health/live")]
    public async Task An_answer_is_whole(string path)
    {
        await using var node = new Node(("Kestrel:EndpointDefaults:Protocols", "Http2"));
        await using var plain = new Node();
        using var http = new HttpClient
        {
            BaseAddress = node.Address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        (await http.GetByteArrayAsync(path)).Should().Equal(await plain.Client.GetByteArrayAsync(path));
    }

    [Fact]
    public async Task No_piece_of_an_answer_is_large()
    {
        await using var node = new Node(("Kestrel:EndpointDefaults:Protocols", "Http2"));

        (await RawHttp2.LargestDataAsync(node.Address, "/docs/operations.md")).Should().BeLessThanOrEqualTo(4 * 1024);
    }

    /// <summary>Takes what is written when it is told to.</summary>
    private sealed class SlowStream : MemoryStream
    {
        private TaskCompletionSource _taken = new();

        public int Untaken { get; private set; }

        public int Taken { get; private set; }

        public void Take()
        {
            var before = _taken;
            (Taken, Untaken, _taken) = (Taken + Untaken, 0, new TaskCompletionSource());
            before.SetResult();
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Untaken += buffer.Length;
            return ValueTask.CompletedTask;
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => _taken.Task;
    }
}
