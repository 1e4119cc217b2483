using System.Net;
using System.Net.Sockets;
using RealtimeHub.Operations;

namespace RealtimeHub.CommandLine.ConfigCheck;

/// <summary>Tries whether this process may listen where it is told to, and lets go at once.</summary>
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

    /// <summary>Where it may not, or where no such address is.</summary>
    public IReadOnlyList<string> Mistakes => _mistakes;

    /// <summary>Where somebody listens already: the hub itself, if it runs.</summary>
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

    /// <summary>As Kestrel has it: a name that is no address means all of them.</summary>
    private static IPAddress HostOf(BindingAddress address) =>
        Loopback.IsHost(address.Host) && !IPAddress.TryParse(address.Host, out _) ? IPAddress.Loopback
        : IPAddress.TryParse(address.Host, out var ip) ? ip
        : IPAddress.Any;
}
