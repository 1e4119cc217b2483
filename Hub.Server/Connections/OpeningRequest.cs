using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;

namespace RealtimeHub.Connections;

/// <summary>The request that has become a WebSocket. It stays in memory as long as the socket is open.</summary>
internal static class OpeningRequest
{
    /// <summary>
    /// Lets go of its headers, cookies and query: a browser's take several KB, and in the query is the token. Who wants them reads them
    /// while the connection opens. The other transports have a request for each call, and keep what they have.
    /// </summary>
    public static void Forget(HubCallerContext connection)
    {
        if (connection.Features.Get<IHttpTransportFeature>()?.TransportType != HttpTransportType.WebSockets
            || connection.GetHttpContext() is not { } http)
        {
            return;
        }

        // Cleared, Kestrel would keep the values, to use them again for a next request that looks the same. Removed, they are gone.
        foreach (var name in http.Request.Headers.Keys.ToArray())
        {
            http.Request.Headers.Remove(name);
        }

        var request = http.Features.GetRequiredFeature<IHttpRequestFeature>();
        (request.RawTarget, request.QueryString) = ("", "");
        http.Features.Set<IQueryFeature>(null);
        http.Features.Set<IRequestCookiesFeature>(null);
    }
}
