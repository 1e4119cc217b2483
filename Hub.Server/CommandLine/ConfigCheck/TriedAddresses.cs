using System.Net;
using System.Net.Sockets;
using RealtimeHub.Operations;

namespace RealtimeHub.CommandLine.ConfigCheck;

/// <summary>Listens for a moment at each configured address, to see whether this process can.</summary>
internal sealed class TriedAddresses
{
    private readonly List<string> _mistakes = [];
    private readonly List<string> _warnings = [];

    public TriedAddresses(IConfiguration configuration)
    {
        foreach (var (key, address) in ListeningAddresses.Of(configuration).Where(each => each.Address is { IsUnixPipe: false, Port: > 0 }))
        {
            Try(key, address);
        }
    }

    /// <summary>The addresses where this process may not listen, or that this machine does not have.</summary>
    public IReadOnlyList<string> Mistakes => _mistakes;

    /// <summary>The addresses where something listens already: perhaps the hub itself, which runs.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    private void Try(string key, BindingAddress address)
    {
        try
        {
            var host = HostOf(address);
            using var socket = new Socket(host.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(host, address.Port));
        }
        catch (SocketException refused)
        {
            Take(refused.SocketErrorCode, $"{key} has {address}");
        }
    }

    private void Take(SocketError refused, string where)
    {
        switch (refused)
        {
            case SocketError.AddressAlreadyInUse:
                _warnings.Add($"{where}, where something listens already: this hub, if it runs. Otherwise stop that, or set another address.");
                break;
            case SocketError.AccessDenied:
                _mistakes.Add($"{where}, where this user may not listen: ports below 1024 are for root and for who has CAP_NET_BIND_SERVICE. Set another port.");
                break;
            case SocketError.AddressNotAvailable:
                _mistakes.Add($"{where}, which is no address of this machine. Set one that it has.");
                break;
            default:
                _mistakes.Add($"{where}, where nothing can listen ({refused}).");
                break;
        }
    }

    /// <summary>As in Kestrel, a host name that is not an address means all addresses.</summary>
    private static IPAddress HostOf(BindingAddress address) =>
        Loopback.IsHost(address.Host) && !IPAddress.TryParse(address.Host, out _) ? IPAddress.Loopback
        : IPAddress.TryParse(address.Host, out var ip) ? ip
        : IPAddress.Any;
}
