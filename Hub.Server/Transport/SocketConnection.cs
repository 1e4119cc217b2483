using System.Buffers.Text;
using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace RealtimeHub.Transport;

/// <summary>
/// A WebSocket that nobody has negotiated, as SignalR's hub layer wants a connection to be. Its pipe is the socket, and it is each of its
/// features itself.
/// </summary>
internal sealed class SocketConnection : ConnectionContext,
    IDuplexPipe, IConnectionIdFeature, IConnectionItemsFeature, IConnectionTransportFeature, IConnectionUserFeature,
    IConnectionHeartbeatFeature, IConnectionLifetimeFeature, IConnectionLifetimeNotificationFeature, ITransferFormatFeature,
    IHttpContextFeature, IHttpTransportFeature, IHeldAnswerFeature
{
    private const int IdBytes = 16;

    private readonly WebSocket _socket;
    private readonly SocketReader _reader;
    private readonly SocketWriter _writer;
    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationTokenSource _closeRequested = new();
    private IDictionary<object, object?>? _items;
    private (Action<object> Action, object State)[] _beats = [];
    private long _expires = DateTimeOffset.MaxValue.UtcTicks;

    /// <param name="http">The request.</param>
    /// <param name="socket">The socket that it has become.</param>
    /// <param name="holdsAnswer">Whether the answer to the handshake waits until it is released.</param>
    /// <param name="id">Its id, if it has one already.</param>
    public SocketConnection(HttpContext http, WebSocket socket, bool holdsAnswer = false, string? id = null)
    {
        (HttpContext, User, _socket) = (http, http.User, socket);
        _reader = new SocketReader(socket);
        _writer = new SocketWriter(socket, this) { IsHeld = holdsAnswer };
        Features = new SocketFeatures(this);
        Transport = this;
        ConnectionId = id ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));
        ConnectionClosed = _closed.Token;
        ConnectionClosedRequested = _closeRequested.Token;
    }

    public PipeReader Input => _reader;

    public PipeWriter Output => _writer;

    public override string ConnectionId { get; set; }

    public override IDuplexPipe Transport { get; set; }

    public override IFeatureCollection Features { get; }

    public override IDictionary<object, object?> Items
    {
        get => LazyInitializer.EnsureInitialized(ref _items, () => new ConnectionItems());
        set => _items = value;
    }

    public override CancellationToken ConnectionClosed { get; set; }

    public CancellationToken ConnectionClosedRequested { get; set; }

    public override EndPoint? LocalEndPoint =>
        HttpContext?.Connection is { LocalIpAddress: { } address } here ? new IPEndPoint(address, here.LocalPort) : null;

    public override EndPoint? RemoteEndPoint =>
        HttpContext?.Connection is { RemoteIpAddress: { } address } there ? new IPEndPoint(address, there.RemotePort) : null;

    public ClaimsPrincipal? User { get; set; }

    public HttpContext? HttpContext { get; set; }

    public HttpTransportType TransportType => HttpTransportType.WebSockets;

    public TransferFormat SupportedFormats => TransferFormat.Binary | TransferFormat.Text;

    public TransferFormat ActiveFormat { get; set; } = TransferFormat.Text;

    /// <summary>When its token lets it stay no longer. It is set again when the connection is renewed.</summary>
    public DateTimeOffset Expires
    {
        get => new(Volatile.Read(ref _expires), TimeSpan.Zero);
        set => Volatile.Write(ref _expires, value.UtcTicks);
    }

    /// <summary>How long the client may leave a write untaken.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.MaxValue;

    /// <summary>Whether it was cut off because the client left a write untaken for longer than that.</summary>
    public bool HasSendTimedOut { get; private set; }

    /// <summary>How much has come that the hub layer has not consumed.</summary>
    public long UnreadBytes => _reader.UnreadBytes;

    public bool IsHeld => _writer.IsHeld;

    public void OnHeartbeat(Action<object> action, object state)
    {
        lock (_reader)
        {
            _beats = [.. _beats, (action, state)];
        }
    }

    /// <summary>What is to be done every second: what the hub layer has asked for, and to look whether its time is over.</summary>
    public void Beat(DateTimeOffset now)
    {
        foreach (var (action, state) in Volatile.Read(ref _beats))
        {
            action(state);
        }

        if (_writer.IsStuck(SendTimeout))
        {
            HasSendTimedOut = true;
            Abort();
        }

        if (Expires <= now)
        {
            RequestClose();
        }
    }

    public void Release() => _writer.Release();

    /// <summary>Asks the hub layer to tell the client that it may come again, and to end.</summary>
    public void RequestClose() => Cancel(_closeRequested);

    /// <summary>Has the hub layer end, as if the client had gone.</summary>
    public void End() => _reader.End();

    public override void Abort() => Abort(new ConnectionAbortedException());

    public override void Abort(ConnectionAbortedException abortReason)
    {
        Cancel(_closed);
        _socket.Abort();
        HttpContext?.Abort();
    }

    /// <summary>Closes the socket as RFC 6455 section 7 has it, once the hub layer is done with it.</summary>
    /// <param name="status">What the client is told.</param>
    /// <param name="limit">How long the client may take to answer; then the connection is cut off.</param>
    public async Task CloseAsync(WebSocketCloseStatus status, TimeSpan limit)
    {
        try
        {
            await CloseAsync(status).WaitAsync(limit);
        }
        catch (Exception gone) when (gone is TimeoutException or WebSocketException or IOException or OperationCanceledException)
        {
            _socket.Abort();
        }

        _reader.Complete();
        _writer.Complete();
    }

    private async Task CloseAsync(WebSocketCloseStatus status)
    {
        if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            _writer.Release();
            await _writer.FlushAsync();
            await _socket.CloseOutputAsync(status, statusDescription: "", CancellationToken.None);
        }

        await _reader.WhenClosedAsync();
    }

    // Whoever has registered there may run for long.
    private static void Cancel(CancellationTokenSource source)
    {
        if (!source.IsCancellationRequested)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static source => source.Cancel(), source, preferLocal: false);
        }
    }
}
