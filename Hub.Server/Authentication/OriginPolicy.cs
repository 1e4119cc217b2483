using Microsoft.Extensions.Options;

namespace RealtimeHub.Authentication;

/// <summary>Which requests may come from which web page: the hub's own host, or the allow list, exactly.</summary>
/// <remarks>
/// Browsers let any page open a WebSocket to any host and send the Origin header along (RFC 6455 section 10.2), so the server must
/// look. A request without the header is no browser.
/// </remarks>
internal sealed class OriginPolicy(IOptions<OriginOptions> options)
{
    private readonly HashSet<string> _allowed = new(options.Value.Allowed, StringComparer.Ordinal);

    public bool Allows(HubRequest request) => request.Origin is not { } origin || IsAllowed(origin) || IsOwnHost(origin, request.Host);

    /// <summary>Whether the allow list has it, letter by letter.</summary>
    public bool IsAllowed(string origin) => _allowed.Contains(origin);

    private static bool IsOwnHost(string origin, HostString host) => WebOrigin.TryParse(origin, out var page) && page.Is(host);
}
