using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace RealtimeHub.Transport;

/// <summary>
/// What goes over a WebSocket, as a pipe. Each flush is one message of the WebSocket and one write; what is written whole goes out without
/// a copy. It holds a buffer only until the next flush.
/// </summary>
/// <remarks>Once the client is gone a flush says so (<see cref="FlushResult.IsCompleted"/>), and throws nothing.</remarks>
internal sealed class SocketWriter(WebSocket socket, ITransferFormatFeature format) : PipeWriter
{
    private const int LeastRoom = 256;

    private byte[] _buffer = [];
    private int _written;
    private long _sendingSince;
    private volatile bool _isHeld;

    /// <summary>Whether what is written stays here, in its order.</summary>
    public bool IsHeld { get => _isHeld; init => _isHeld = value; }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_buffer.Length - _written < Math.Max(sizeHint, 1))
        {
            Grow(Math.Max(sizeHint, LeastRoom));
        }

        return _buffer.AsMemory(_written);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes) => _written += bytes;

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (_written == 0 && !_isHeld)
        {
            return SendAsync(source);
        }

        this.Write(source.Span);
        return FlushAsync(cancellationToken);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        _written == 0 || _isHeld ? ValueTask.FromResult(default(FlushResult)) : FlushBufferAsync();

    /// <remarks>A flush ends with the write to the socket, or with the socket.</remarks>
    public override void CancelPendingFlush()
    {
    }

    /// <remarks>The buffer is left to the garbage collector: a write that is stuck may still read from it.</remarks>
    public override void Complete(Exception? exception = null) => (_buffer, _written) = ([], 0);

    /// <summary>Lets what was written go out with the next flush. May be called while others write.</summary>
    public void Release() => _isHeld = false;

    /// <summary>Whether the client has not taken a write for longer than this.</summary>
    public bool IsStuck(TimeSpan limit)
    {
        var since = Volatile.Read(ref _sendingSince);
        return since != 0 && Environment.TickCount64 - since > limit.TotalMilliseconds;
    }

    private async ValueTask<FlushResult> FlushBufferAsync()
    {
        var result = await SendAsync(_buffer.AsMemory(0, _written));
        ReturnBuffer();
        return result;
    }

    private ValueTask<FlushResult> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
        {
            return ValueTask.FromResult(Gone);
        }

        Volatile.Write(ref _sendingSince, Environment.TickCount64);
        try
        {
            var type = format.ActiveFormat == TransferFormat.Binary ? WebSocketMessageType.Binary : WebSocketMessageType.Text;
            var sending = socket.SendAsync(bytes, type, endOfMessage: true, CancellationToken.None);
            return sending.IsCompletedSuccessfully ? ValueTask.FromResult(Sent()) : WhenSentAsync(sending);
        }
        catch (Exception gone) when (IsGone(gone))
        {
            return ValueTask.FromResult(Gone);
        }
    }

    private async ValueTask<FlushResult> WhenSentAsync(ValueTask sending)
    {
        try
        {
            await sending;
            return Sent();
        }
        catch (Exception gone) when (IsGone(gone))
        {
            return Gone;
        }
    }

    private FlushResult Sent()
    {
        Volatile.Write(ref _sendingSince, 0);
        return default;
    }

    private void Grow(int room)
    {
        var larger = ArrayPool<byte>.Shared.Rent(_written + room);
        _buffer.AsSpan(0, _written).CopyTo(larger);
        var written = _written;
        ReturnBuffer();
        (_buffer, _written) = (larger, written);
    }

    private void ReturnBuffer()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        (_buffer, _written) = ([], 0);
    }

    private static FlushResult Gone { get; } = new(isCanceled: false, isCompleted: true);

    private static bool IsGone(Exception thrown) =>
        thrown is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException;
}
