using Microsoft.Extensions.Options;

namespace RealtimeHub.Authentication;

/// <summary>Decides which web pages may send requests: those of the hub's own host, and those on the allow list.</summary>
/// <remarks>
/// Browsers let any page open a WebSocket to any host, and leave it to the server to check the Origin header (RFC 6455 section 10.2). A
/// request without the header does not come from a browser.
/// </remarks>
internal sealed class OriginPolicy(IOptions<OriginOptions> options)
{
    private readonly HashSet<string> _allowed = new(options.Value.Allowed, StringComparer.Ordinal);

    public bool Allows(HubRequest request) => request.Origin is not { } origin || IsAllowed(origin) || IsOwnHost(origin, request.Host);

    /// <summary>Whether the allow list has exactly this origin.</summary>
    public bool IsAllowed(string origin) => _allowed.Contains(origin);

    private static bool IsOwnHost(string origin, HostString host) => WebOrigin.TryParse(origin, out var page) && page.Is(host);
}
