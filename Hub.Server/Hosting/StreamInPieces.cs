namespace RealtimeHub.Hosting;

/// <summary>Passes on what is written in pieces of 4 KB, each when the client has taken the one before.</summary>
internal sealed class StreamInPieces(Stream inner) : Stream
{
    private const int Piece = 4 * 1024;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (var left = buffer; left.Length > 0; left = left[Math.Min(left.Length, Piece)..])
        {
            await inner.WriteAsync(left[..Math.Min(left.Length, Piece)], cancellationToken);
            await inner.FlushAsync(cancellationToken);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException("Answers are written without waiting for a thread.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Answers are written without waiting for a thread.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
