using System.Net;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace RealtimeHub.Operations;

/// <summary>Refuses requests under a host name that is not ours: <c>AllowedHosts</c>.</summary>
/// <remarks>
/// A page whose name its owner points at this machine afterwards (DNS rebinding) is of one origin with the hub. It has no token and no key;
/// what asks for neither therefore answers only to names that nobody can point anywhere. An address is no name, so probes need not be
/// listed.
/// </remarks>
internal sealed class HostGuard(IOptions<SiteOptions> options)
{
    private readonly List<StringSegment> _allowed = [.. options.Value.AllowedHosts.Select(host => new StringSegment(host))];

    public bool Allows(HttpRequest request) =>
        _allowed.Count == 0 ? !request.Path.StartsWithSegments("/openapi") || Knows(request.Host) : Knows(request.Host);

    /// <summary>Whether a host name is known to be ours, so that answers may repeat it.</summary>
    public bool Knows(HostString host) => IsUnforgeable(host.Host) || HostString.MatchesAny(host.Host, _allowed);

    private static bool IsUnforgeable(string host) => host.Length == 0 || Loopback.IsHost(host) || IPAddress.TryParse(host, out _);
}
