using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace RealtimeHub.Authentication;

/// <summary>What a request wants of a hub, told from its endpoint and shape as SignalR itself tells it.</summary>
internal static class HubRequest
{
    private const string NegotiateSegment = "/negotiate";

    /// <summary>Whether the request asks for a new connection.</summary>
    public static bool IsNegotiate(this HttpRequest request) => HttpMethods.IsPost(request.Method) && HasNegotiateEndpoint(request);

    /// <summary>The connection token, which every request after a negotiate carries, or null.</summary>
    public static string? ConnectionToken(this HttpRequest request) => request.Query["id"] is [{ Length: > 0 } id] ? id : null;

    /// <summary>Whether the request would become a WebSocket.</summary>
    /// <remarks>
    /// SignalR has its WebSocket middleware inside the endpoint, so <c>HttpContext.WebSockets</c> says no at this point.
    /// </remarks>
    public static bool IsWebSocketUpgrade(this HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
            ? request.Headers.Upgrade.Any(protocol => "websocket".Equals(protocol, StringComparison.OrdinalIgnoreCase))
            : request.HttpContext.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: "websocket" };

    /// <summary>The path of the hub, which a token's audience names.</summary>
    public static PathString HubPath(this HttpRequest request)
    {
        var path = request.Path.Value!.TrimEnd('/');
        var isNegotiate = HasNegotiateEndpoint(request) && path.EndsWith(NegotiateSegment, StringComparison.OrdinalIgnoreCase);
        return isNegotiate ? path[..^NegotiateSegment.Length] : path;
    }

    private static bool HasNegotiateEndpoint(HttpRequest request) =>
        request.HttpContext.GetEndpoint()?.Metadata.GetMetadata<NegotiateMetadata>() is not null;
}
