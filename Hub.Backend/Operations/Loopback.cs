using System.Net;

namespace RealtimeHub.Operations;

/// <summary>What stays on this machine.</summary>
internal static class Loopback
{
    /// <summary>
    /// Whether a name or an address can mean no other machine. Names below <c>localhost</c> cannot either (RFC 6761 section 6.3).
    /// </summary>
    public static bool IsHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    public static bool IsEndPoint(EndPoint endPoint) => endPoint switch
    {
        IPEndPoint ip => IPAddress.IsLoopback(ip.Address),
        DnsEndPoint name => IsHost(name.Host),

        // A socket in the file system.
        _ => true,
    };
}
