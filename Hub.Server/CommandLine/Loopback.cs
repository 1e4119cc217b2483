using System.Net;

namespace RealtimeHub.CommandLine;

/// <summary>What stays on this machine.</summary>
internal static class Loopback
{
    public static bool IsHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    public static bool IsEndPoint(EndPoint endPoint) => endPoint switch
    {
        IPEndPoint ip => IPAddress.IsLoopback(ip.Address),
        DnsEndPoint name => IsHost(name.Host),

        // A socket in the file system.
        _ => true,
    };
}
