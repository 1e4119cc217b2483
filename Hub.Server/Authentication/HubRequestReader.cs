using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Net.Http.Headers;
using RealtimeHub.Authentication.Binding;
using RealtimeHub.Authentication.Limits;
using RealtimeHub.Operations;

namespace RealtimeHub.Authentication;

/// <summary>
/// The only place that reads a request to a hub. It tells the kind of a request as SignalR does, from the endpoint and its shape.
/// </summary>
internal static class HubRequestReader
{
    /// <summary>The query parameter by which requests after a negotiate name their connection.</summary>
    public const string ConnectionParameter = "id";

    /// <summary>The query parameter by which a client asks for traces as it opens a connection, if it is <c>true</c>.</summary>
    private const string TraceParameter = "trace";

    private const string NegotiateSegment = "/negotiate";

    private static readonly MediaTypeHeaderValue EventStream = new("text/event-stream");

    /// <summary>
    /// Reads the request. Refuses one that could be read in two ways, before anything is compared, looked up or spent.
    /// </summary>
    public static bool TryRead(
        HttpContext context, SingleUseTokenOptions options, [NotNullWhen(true)] out HubRequest? hubRequest,
            [NotNullWhen(false)] out Refusal? refusal)
    {
        var words = new RequestParameters(context.Request);
        var origin = words.Header("Origin");
        var connectionToken = RefreshMetadata.IsOn(context) ? ReadForRefresh(words) : IsHub(context) ? ReadForSignalR(words) : null;
        var shown = CredentialReader.Read(words, options);
        RefuseHeadersOfHttp1(context.Request, words);
        refusal = words.Ambiguity is { } ambiguity ? Refusals.RequestAmbiguous(ambiguity) : null;
        hubRequest = refusal is not null ? null : new HubRequest
        {
            Since = Stopwatch.GetTimestamp(),
            Kind = KindOf(context, connectionToken),
            Hub = new HubPlace(context.GetEndpoint()!.Metadata.GetRequiredMetadata<SingleUseTokenMetadata>(), PathOf(context)),
            Host = new HostString(context.Request.Host.ToUriComponent()), // In punycode, as browsers send it.
            Client = ClientNetwork.Of(context.Connection.RemoteIpAddress),
            Origin = origin,
            ConnectionToken = connectionToken,
            ShowsCredential = shown.Any,
            Credential = shown.Credential,
            TokenInAddress = shown.TokenInAddress,
            AsksForSecret = ReconnectMetadata.IsAskedFor(context),
            AsksForTraces = ReconnectMetadata.IsOn(context) && context.Request.Query[TraceParameter] == "true",
            TakesSecrets = ReconnectMetadata.IsOn(context),
            ClientName = shown.Credential?.Secret is null ? null : ClientName.In(context.Request),
        };
        return refusal is null;
    }

    // At other endpoints these names may mean something else.
    private static string? ReadForSignalR(RequestParameters words)
    {
        _ = (words.Parameter("negotiateVersion"), words.Parameter("useStatefulReconnect")); // Only SignalR uses them, but they must not be ambiguous either.
        return words.Parameter(ConnectionParameter);
    }

    private static string? ReadForRefresh(RequestParameters words) =>
        (words.Parameter(ConnectionParameter), words.Header(RefreshMetadata.ConnectionHeader)) switch
        {
            ({ } parameter, null) => parameter,
            (null, { } header) => header,
            (null, null) => null,
            _ => words.Ambiguous("The connection is named twice."),
        };

    /// <remarks>
    /// In HTTP/2 these headers mean nothing (RFC 9113 section 8.2.2), and Kestrel ignores them. A proxy that translates the request to
    /// HTTP/1.1 may not.
    /// </remarks>
    private static void RefuseHeadersOfHttp1(HttpRequest request, RequestParameters words)
    {
        if (!HttpProtocol.IsHttp11(request.Protocol) && (request.Headers.TransferEncoding.Count > 0 || request.Headers.Upgrade.Count > 0))
        {
            words.Ambiguous("A header belongs to HTTP/1.1: Transfer-Encoding or Upgrade.");
        }
    }

    private static HubRequestKind KindOf(HttpContext context, string? connectionToken) =>
        RefreshMetadata.IsOn(context) ? connectionToken is not null ? HubRequestKind.Refresh : HubRequestKind.Nothing
        : !IsHub(context) ? HubRequestKind.Single
        : IsNegotiateEndpoint(context) ? HttpMethods.IsPost(context.Request.Method) ? HubRequestKind.Negotiate : HubRequestKind.Nothing
        : connectionToken is not null ? IsMethodOfConnection(context) ? HubRequestKind.Connection : HubRequestKind.Nothing
        : !AsksForEvents(context) && WebSocketHandshake.IsIn(context) ? HubRequestKind.WebSocket
        : HubRequestKind.Nothing;

    private static bool IsMethodOfConnection(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsPost(context.Request.Method)
            || HttpMethods.IsDelete(context.Request.Method)
        || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };

    /// <remarks>In SignalR's order: first whether it is a negotiate, then whether it names a negotiated connection.</remarks>
    private static bool AsksForEvents(HttpContext context) => context.Request.GetTypedHeaders().Accept.Contains(EventStream);

    private static string PathOf(HttpContext context)
    {
        var path = context.Request.Path.Value!.TrimEnd('/');
        var behind = IsNegotiateEndpoint(context) ? NegotiateSegment : RefreshMetadata.IsOn(context) ? RefreshMetadata.Segment : "";
        return path.EndsWith(behind, StringComparison.OrdinalIgnoreCase) ? path[..^behind.Length] : path;
    }

    private static bool IsHub(HttpContext context) => context.GetEndpoint()!.Metadata.GetMetadata<HubMetadata>() is not null;

    private static bool IsNegotiateEndpoint(HttpContext context) =>
        context.GetEndpoint()!.Metadata.GetMetadata<NegotiateMetadata>() is not null;
}
