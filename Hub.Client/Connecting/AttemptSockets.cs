using System.Net.Sockets;

namespace RealtimeHub.Client.Connecting;

/// <summary>
/// All sockets of one attempt. Disposing closes them all and ends whatever waits for them, so that no socket outlives its attempt.
/// </summary>
internal sealed class AttemptSockets : IDisposable
{
    private readonly CancellationTokenSource _cut = new();
    private readonly SocketsHttpHandler _sockets;

    public AttemptSockets()
    {
        // A redirect is reported, not followed: the second request would lack the token.
        _sockets = new SocketsHttpHandler { ConnectCallback = ConnectAsync, AllowAutoRedirect = false };
        Http = new RefusalReader(_sockets);
    }

    /// <summary>The handler through which every request of the attempt goes.</summary>
    public HttpMessageHandler Http { get; }

    public void Dispose()
    {
        _cut.Cancel();
        _sockets.Dispose();
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cut.Token);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, either.Token);
            return new AttemptStream(socket, _cut.Token);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>One socket. It closes when its user is done or when all sockets of the attempt are closed.</summary>
    private sealed class AttemptStream : NetworkStream
    {
        private readonly CancellationTokenRegistration _onCut;

        public AttemptStream(Socket socket, CancellationToken cut)
            : base(socket, ownsSocket: true) => _onCut = cut.UnsafeRegister(static open => ((Socket)open!).Dispose(), socket);

        protected override void Dispose(bool disposing)
        {
            _onCut.Dispose();
            base.Dispose(disposing);
        }
    }
}
