using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Threading.Tasks.Sources;

namespace RealtimeHub.Transport;

/// <summary>
/// What comes over a WebSocket, as a pipe. It reads from the socket when it is read itself, and holds a buffer only while there is
/// something in it.
/// </summary>
/// <remarks>
/// To cancel a read cancels nothing of the socket, which would end the connection: what the socket has begun to receive the next read
/// finds. One reader at a time, as with every pipe.
/// </remarks>
internal sealed class SocketReader(WebSocket socket) : PipeReader, IValueTaskSource<ReadResult>
{
    /// <summary>
    /// How much is received at once, in bytes. The framework's WebSocket returns when so much has come, or the frame has ended: with more,
    /// a frame that never ends would be seen later.
    /// </summary>
    private const int PieceSize = 4 * 1024;

    private readonly Lock _lock = new();
    private ManualResetValueTaskSourceCore<ReadResult> _read;
    private CancellationTokenRegistration _cancellation;
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _lentEnd;
    private Exception? _fault;
    private bool _isExamined = true;
    private bool _isLent;
    private bool _isWaiting;
    private bool _isReceiving;
    private bool _isFilling;
    private bool _isCanceled;
    private bool _isEnded;
    private bool _isClosed;

    /// <summary>How much has come that was not consumed. To be asked while nobody reads.</summary>
    public int UnreadBytes => _end - _start;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        bool begins;
        lock (_lock)
        {
            // In one step, so that who cancels or ends it finds the reader either here or waiting.
            if (TryTake(out var result))
            {
                return new ValueTask<ReadResult>(result);
            }

            _read.Reset();
            _isWaiting = true;
            begins = !_isReceiving;
            _isReceiving = true;
        }

        _cancellation = cancellationToken.UnsafeRegister(
            static (reader, token) => ((SocketReader)reader!).Answer(new OperationCanceledException(token)), this);
        if (begins)
        {
            _ = ReceiveAsync();
        }

        return new ValueTask<ReadResult>(this, _read.Version);
    }

    public override bool TryRead(out ReadResult result)
    {
        lock (_lock)
        {
            return TryTake(out result);
        }
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        lock (_lock)
        {
            var lent = Lent();
            _isExamined = _lentEnd == _end && lent.Slice(examined).IsEmpty;
            _start = _lentEnd - (int)lent.Slice(consumed).Length;
            _isLent = false;
            ReturnEmptyBuffer();
        }
    }

    public override void CancelPendingRead()
    {
        lock (_lock)
        {
            _isCanceled = true;
        }

        Answer();
    }

    /// <summary>Has whoever reads come to the end, as if the client had closed the connection.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isEnded = true;
        }

        Answer();
    }

    /// <summary>
    /// Returns when the client has closed the connection or is gone. What comes until then is thrown away. To be called when nobody reads
    /// any more.
    /// </summary>
    public async Task WhenClosedAsync()
    {
        _isEnded = _isCanceled = false;
        while (true)
        {
            var read = await ReadAsync();
            AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    /// <remarks>The socket may still be receiving; what that brings is thrown away with the buffer.</remarks>
    public override void Complete(Exception? exception = null)
    {
        lock (_lock)
        {
            _start = _end;
            _isLent = false;
            ReturnEmptyBuffer();
        }
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        _cancellation.Dispose();
        return _read.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    /// <summary>Receives until something has come, or the client is gone. Each connection waits here for most of its life.</summary>
    private async Task ReceiveAsync()
    {
        try
        {
            ValueWebSocketReceiveResult received;
            do
            {
                // Waits until there is something, without a buffer for it. It may be an empty message, or an empty piece of one.
                received = await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
                if (received.MessageType != WebSocketMessageType.Close)
                {
                    received = await socket.ReceiveAsync(Room(), CancellationToken.None);
                }
            }
            while (received.Count == 0 && received.MessageType != WebSocketMessageType.Close);

            Take(received.Count, isClosed: received.MessageType == WebSocketMessageType.Close);
        }
        catch (Exception gone)
        {
            Take(0, isClosed: true, IsOrdinary(gone) ? null : gone);
        }

        Answer();
    }

    private void Take(int count, bool isClosed, Exception? fault = null)
    {
        lock (_lock)
        {
            _end += count;
            _isExamined &= count == 0;
            (_isClosed, _fault) = (isClosed, fault);
            _isReceiving = _isFilling = false;
        }
    }

    private Memory<byte> Room()
    {
        lock (_lock)
        {
            _isFilling = true;
            if (_buffer.Length - _end < PieceSize)
            {
                Grow();
            }

            return _buffer.AsMemory(_end, PieceSize);
        }
    }

    private void Grow()
    {
        var length = _end - _start;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(PieceSize, length * 2) + (length > 0 ? PieceSize : 0));
        _buffer.AsSpan(_start, length).CopyTo(larger);
        ReturnBuffer();
        (_buffer, _start, _end) = (larger, 0, length);
    }

    private void ReturnEmptyBuffer()
    {
        if (_start == _end && !_isFilling)
        {
            ReturnBuffer();
            (_buffer, _start, _end) = ([], 0, 0);
        }
    }

    // What is lent to the reader the next to rent it would write over: left to the garbage collector.
    private void ReturnBuffer()
    {
        if (_buffer.Length > 0 && !_isLent)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }

    private void Answer(Exception? fault = null)
    {
        ReadResult result;
        lock (_lock)
        {
            result = default;
            if (!_isWaiting || (fault is null && _fault is null && !TryTake(out result)))
            {
                return;
            }

            _isWaiting = false;
            fault ??= _fault;
        }

        if (fault is null)
        {
            _read.SetResult(result);
        }
        else
        {
            _read.SetException(fault);
        }
    }

    private bool TryTake(out ReadResult result)
    {
        if (!_isCanceled && !_isEnded && !_isClosed && _isExamined)
        {
            result = default;
            return false;
        }

        (_lentEnd, _isLent) = (_end, _end > _start);
        result = new ReadResult(Lent(), isCanceled: _isCanceled, isCompleted: _isEnded || _isClosed);
        _isCanceled = false;
        return true;
    }

    private ReadOnlySequence<byte> Lent() => new(_buffer, _start, _lentEnd - _start);

    private static bool IsOrdinary(Exception gone) =>
        gone is OperationCanceledException or WebSocketException { WebSocketErrorCode: WebSocketError.ConnectionClosedPrematurely };
}
