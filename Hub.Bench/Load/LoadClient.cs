using System.Buffers;
using System.Net.Sockets;
using System.Text;

namespace RealtimeHub.Bench.Load;

/// <summary>One client: a WebSocket on a bare socket, in one of the dialects. It keeps what measuring needs, and nothing else.</summary>
internal sealed class LoadClient(string user, int index, IDialect dialect, Ledger ledger)
{
    private const int Buffer = 1024;

    /// <summary>Status 1000 (RFC 6455, section 7.4.1).</summary>
    private static readonly byte[] NormalClosure = [0x03, 0xe8];

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] _buffer = new byte[Buffer];
    private ArrayBufferWriter<byte>? _fragments;
    private int _filled;
    private Socket? _socket;
    private bool _isOpen;
    private volatile TaskCompletionSource? _stall;

    public string User => user;

    public int Index => index;

    /// <summary>The id of the last message of its user, if the system gives ids.</summary>
    public string? Cursor { get; set; }

    /// <summary>When its connection was due, in ticks.</summary>
    public long Due { get; private set; }

    /// <summary>Whether the connection is over.</summary>
    public bool IsClosed => _closed.Task.IsCompleted;

    /// <summary>Ends when the connection does.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Connects, and waits until it is ready as its dialect sees it.</summary>
    /// <param name="port">The server's.</param>
    /// <param name="token">The token that lets it in.</param>
    /// <param name="due">When it was due, in ticks.</param>
    /// <param name="receiveBuffer">See <see cref="Loopback.ConnectAsync"/>.</param>
    public async Task ConnectAsync(int port, string token, long due, int receiveBuffer = 0)
    {
        Due = due;
        _socket = await Loopback.ConnectAsync(port, index, receiveBuffer);
        await _socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET {dialect.Path(token)} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        _ = ReceiveAsync(_socket);
        await _ready.Task;
    }

    public void Send(ReadOnlySpan<byte> text) => SendFrame(WebSocketOpcode.Text, text);

    public void KeepAlive()
    {
        if (dialect.KeepAlive is { } text && !IsClosed)
        {
            Send(text);
        }
    }

    public void Ready() => _ready.TrySetResult();

    public void Fail(string reason) => _ready.TrySetException(new InvalidOperationException($"{user} was not let in: {reason}"));

    /// <summary>A message came.</summary>
    public void Got(ReadOnlySpan<byte> message) => ledger.Take(this, message);

    /// <summary>Several came in one.</summary>
    public void GotAll(ReadOnlySpan<byte> messages) => ledger.TakeAll(this, messages);

    /// <summary>Stops reading until <see cref="Resume"/>.</summary>
    public void Stall() => _stall ??= new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume() => _stall?.TrySetResult();

    /// <summary>Ends the connection properly, without waiting for the answer.</summary>
    public void Close()
    {
        Resume();
        if (!IsClosed)
        {
            SendFrame(WebSocketOpcode.Close, NormalClosure, andNothingMore: true);
        }
    }

    private void SendFrame(WebSocketOpcode opcode, ReadOnlySpan<byte> payload, bool andNothingMore = false)
    {
        try
        {
            _socket?.Send(WebSocketFrame.Write(opcode, payload));
            if (andNothingMore)
            {
                _socket?.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            _closed.TrySetResult();
        }
    }

    private async Task ReceiveAsync(Socket socket)
    {
        try
        {
            while (await socket.ReceiveAsync(_buffer.AsMemory(_filled)) is > 0 and var read)
            {
                _filled += read;
                TakeAll();
                if (_stall is { } stall)
                {
                    await stall.Task;
                }
            }

            Fail("The server closed the connection.");
        }
        catch (Exception failure)
        {
            Fail(failure.Message);
        }
        finally
        {
            _closed.TrySetResult();
            socket.Dispose();
        }
    }

    private void TakeAll()
    {
        var taken = _isOpen ? 0 : TakeUpgrade();
        var needed = 0;
        while (_isOpen && taken < _filled)
        {
            needed = WebSocketFrame.Read(_buffer.AsSpan(taken, _filled - taken), out var frame);
            if (needed > _filled - taken)
            {
                break;
            }

            TakeFrame(frame, _buffer.AsSpan(taken + frame.Start, frame.Length));
            taken += needed;
        }

        MakeRoom(taken, needed);
    }

    private int TakeUpgrade()
    {
        var end = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return 0;
        }

        if (!_buffer.AsSpan().StartsWith("HTTP/1.1 101"u8))
        {
            throw new InvalidDataException(Encoding.ASCII.GetString(_buffer.AsSpan(0, _filled)));
        }

        _isOpen = true;
        dialect.Open(this);
        return end + 4;
    }

    private void TakeFrame(WebSocketFrame frame, ReadOnlySpan<byte> payload)
    {
        switch (frame.Opcode)
        {
            case WebSocketOpcode.Text when frame.IsFinal: dialect.Take(this, payload); break;
            case WebSocketOpcode.Text or WebSocketOpcode.Continuation: TakeFragment(frame.IsFinal, payload); break;
            case WebSocketOpcode.Ping: SendFrame(WebSocketOpcode.Pong, payload); break;
        }
    }

    // SignalR sends what has piled up in fragments, one for each segment of its pipe.
    private void TakeFragment(bool isLast, ReadOnlySpan<byte> payload)
    {
        (_fragments ??= new()).Write(payload);
        if (isLast)
        {
            dialect.Take(this, _fragments.WrittenSpan);
            _fragments = null;
        }
    }

    private void MakeRoom(int taken, int needed)
    {
        var rest = _buffer.AsSpan(taken, _filled - taken);
        var target = needed > _buffer.Length ? new byte[needed] : rest.Length == _buffer.Length ? new byte[2 * _buffer.Length] : _buffer;
        rest.CopyTo(target);
        (_buffer, _filled) = (target, rest.Length);
    }
}
