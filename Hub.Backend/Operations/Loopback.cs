using System.Net;

namespace RealtimeHub.Operations;

/// <summary>Tells addresses that never leave this machine.</summary>
internal static class Loopback
{
    /// <summary>
    /// Whether a name or an address always means this machine, as <c>localhost</c> and all names below it do (RFC 6761 section 6.3).
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
