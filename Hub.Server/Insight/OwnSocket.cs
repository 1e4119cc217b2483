using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server.Features;
using IServer = Microsoft.AspNetCore.Hosting.Server.IServer;

namespace RealtimeHub.Insight;

/// <summary>
/// The way to this node itself, through the first address at which it listens: TCP or a socket in the file system, with or without TLS.
/// </summary>
internal sealed class OwnSocket(IServer server) : IDisposable
{
    private readonly Lazy<(Uri Address, HttpMessageInvoker Invoker)> _way = new(() => Open(server));

    public HttpMessageInvoker Invoker => _way.Value.Invoker;

    /// <summary>Where all paths of this node begin. A proxy in front of it has no part in this, so neither has its path.</summary>
    public Uri Address => _way.Value.Address;

    /// <summary>The hub of this node, for a WebSocket.</summary>
    public Uri Hub => new UriBuilder(new Uri(Address, "hub"))
    {
        Scheme = Address.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs,
    }.Uri;

    public void Dispose()
    {
        if (_way.IsValueCreated)
        {
            Invoker.Dispose();
        }
    }

    private static (Uri, HttpMessageInvoker) Open(IServer server)
    {
        var addresses = (server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []).Select(BindingAddress.Parse).ToList();
        var address = addresses.Find(address => address.Scheme == Uri.UriSchemeHttp) ?? addresses.FirstOrDefault()
            ?? throw new InvalidOperationException("The node listens at no address of its own.");
        var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false };

        // The certificate has the name that clients know, and not that of this machine. Here the node talks to itself.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        if (address.IsUnixPipe)
        {
            handler.ConnectCallback = (_, cancellation) => ConnectAsync(address.UnixPipePath, cancellation);
        }

        return (UriOf(address), new HttpMessageInvoker(handler));
    }

    private static Uri UriOf(BindingAddress address) =>
        new(address.IsUnixPipe ? $"{address.Scheme}://localhost/" : $"{address.Scheme}://{HostOf(address)}:{address.Port}/");

    /// <summary>An address of this machine alone stays as it is; one that means all addresses is reached at <c>localhost</c>.</summary>
    private static string HostOf(BindingAddress address) => address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : address.Host;

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
