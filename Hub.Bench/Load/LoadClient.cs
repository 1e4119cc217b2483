using System.Net.Sockets;

namespace RealtimeHub.Bench.Load;

/// <summary>One client: a WebSocket on a bare socket, in one of the dialects. It keeps what measuring needs, and nothing else.</summary>
internal sealed class LoadClient(string user, int index, IDialect dialect, Ledger ledger)
{
    /// <summary>Status 1000 (RFC 6455, section 7.4.1).</summary>
    private static readonly byte[] NormalClosure = [0x03, 0xe8];

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FrameBuffer _received = new();
    private Socket? _socket;
    private bool _isOpen;
    private volatile TaskCompletionSource? _stall;
    private string? _began;
    private string? _told;
    private long? _furtherSince;

    public string User => user;

    public int Index => index;

    /// <summary>The id of the last message of its user, if the system gives ids.</summary>
    public string? Cursor { get; set; }

    /// <summary>What it may come back with instead of a token, if the system gives such a thing.</summary>
    public string? Secret { get; set; }

    /// <summary>What its upgrade says beside what it must, each line with its end.</summary>
    public string Headers { get; init; } = "";

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
        await _socket.SendAsync(WebSocketUpgrade.Request(port, dialect.Path(token), Headers));
        _ = ReceiveAsync(_socket);
        await _ready.Task;
    }

    public void Send(ReadOnlySpan<byte> text) => SendFrame(WebSocketOpcode.Text, text);

    /// <summary>Says that it is there, once it is: before that a server would take it for a handshake.</summary>
    public void KeepAlive()
    {
        if (dialect.KeepAlive is { } text && IsReady && !IsClosed)
        {
            Send(text);
        }
    }

    /// <summary>Tells how far it has come, if it has come any further for so long, with what has come meanwhile.</summary>
    public void TellHandled(TimeSpan after)
    {
        if (!IsReady || IsClosed || Cursor is not { } cursor || cursor == _told)
        {
            return;
        }

        _furtherSince ??= Clock.Now;
        if (Clock.MicrosecondsSince(_furtherSince.Value) < after.TotalMicroseconds)
        {
            return;
        }

        (_told, _furtherSince) = (cursor, null);
        if (dialect.Handled(this, _began ?? cursor, cursor) is { } text)
        {
            Send(text);
        }
    }

    /// <summary>Whether it is in, as its dialect sees it.</summary>
    public bool IsReady => _ready.Task.IsCompletedSuccessfully;

    public void Ready()
    {
        _began = _told = Cursor;
        _ready.TrySetResult();
    }

    public void Fail(string reason) => _ready.TrySetException(new InvalidOperationException($"{user} was not let in: {reason}"));

    /// <summary>A message came.</summary>
    public void Got(ReadOnlySpan<byte> message) => ledger.Take(this, message);

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
            while (await socket.ReceiveAsync(_received.Free) is > 0 and var read)
            {
                _received.Fill(read);
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
        if (!_isOpen && WebSocketUpgrade.TryTake(_received))
        {
            _isOpen = true;
            dialect.Open(this);
        }

        while (_isOpen && _received.TryTakeMessage(out var opcode, out var payload))
        {
            Take(opcode, payload);
        }

        _received.MakeRoom();
    }

    private void Take(WebSocketOpcode opcode, ReadOnlySpan<byte> payload)
    {
        switch (opcode)
        {
            case WebSocketOpcode.Text: dialect.Take(this, payload); break;
            case WebSocketOpcode.Ping: SendFrame(WebSocketOpcode.Pong, payload); break;
        }
    }
}
