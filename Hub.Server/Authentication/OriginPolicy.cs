using Microsoft.Extensions.Options;

namespace RealtimeHub.Authentication;

/// <summary>Which requests may come from which web page: the hub's own host, or the allow list, exactly.</summary>
/// <remarks>
/// Browsers let any page open a WebSocket to any host and send the Origin header along (RFC 6455 section 10.2), so the server must
/// look. A request without the header is no browser. The scheme of the own host is not compared, since TLS may end at a proxy.
/// </remarks>
internal sealed class OriginPolicy(IOptions<OriginOptions> options)
{
    private readonly HashSet<string> _allowed = new(options.Value.Allowed, StringComparer.Ordinal);

    public bool Allows(HubRequest request) => request.Origin is not { } origin || _allowed.Contains(origin) || IsOwnHost(origin, request);

    private static bool IsOwnHost(string origin, HubRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page)
        && page.Scheme is "http" or "https"
        && origin.Equals(page.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase)
        && page.Host.Equals(HostOf(request.Host), StringComparison.OrdinalIgnoreCase)
        && page.Port == (request.Host.Port ?? DefaultPort(page.Scheme));

    // HostString keeps the brackets of an IPv6 address, and so does Uri.Host.
    private static string HostOf(HostString host) => host.Host;

    private static int DefaultPort(string scheme) => scheme == "https" ? 443 : 80;
}
