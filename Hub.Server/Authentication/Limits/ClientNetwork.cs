using System.Net;
using System.Net.Sockets;

namespace RealtimeHub.Authentication.Limits;

/// <summary>What counts as one IP address when clients are limited by it.</summary>
internal static class ClientNetwork
{
    /// <summary>Whoever has one IPv6 address has 2^64 of them.</summary>
    private const int PrefixOfIPv6 = 64;

    private const int PrefixOfIPv4 = 32;

    /// <summary>
    /// An IPv4 address, also one that is written as IPv6, or the /64 of an IPv6 address. Null, for which there is no limit: this machine
    /// itself, and a request that came over no network.
    /// </summary>
    public static IPNetwork? Of(IPAddress? address)
    {
        var plain = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        return plain is null || IPAddress.IsLoopback(plain) ? null
            : plain.AddressFamily == AddressFamily.InterNetwork ? new IPNetwork(plain, PrefixOfIPv4)
            : new IPNetwork(FirstOf(plain), PrefixOfIPv6);
    }

    private static IPAddress FirstOf(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(PrefixOfIPv6 / 8).Clear();
        return new IPAddress(bytes);
    }
}
