using System.Net;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace RealtimeHub.Operations;

/// <summary>Refuses requests under a host name that is not ours: <c>AllowedHosts</c>.</summary>
/// <remarks>
/// A foreign page can make its own host name point at this machine (DNS rebinding), and then has the same origin as the hub. It still has
/// no token and no key. So only paths that need neither are guarded if no names are configured: they answer under names that cannot be
/// forged, <c>localhost</c> and IP addresses. Probes use those, and need not be listed.
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
