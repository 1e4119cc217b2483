using System.Net.Sockets;

namespace RealtimeHub.Client.Connecting;

/// <summary>
/// All sockets of one attempt. Disposed of, every one is closed, and whatever waited on one ends: none outlives its attempt.
/// </summary>
internal sealed class AttemptSockets : IDisposable
{
    private readonly CancellationTokenSource _cut = new();
    private readonly SocketsHttpHandler _sockets;

    public AttemptSockets()
    {
        // A redirect is told, not followed: the request would go on without its token.
        _sockets = new SocketsHttpHandler { ConnectCallback = ConnectAsync, AllowAutoRedirect = false };
        Http = new RefusalReader(_sockets);
    }

    /// <summary>What every request of the attempt goes through.</summary>
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

    /// <summary>One socket, which closes when it is done with or when all are cut.</summary>
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
