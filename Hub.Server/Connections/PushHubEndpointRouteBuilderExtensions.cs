using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.Options;
using RealtimeHub.Authentication;
using RealtimeHub.Connections;
using RealtimeHub.Transport;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the push hub and its JavaScript client.</summary>
public static class PushHubEndpointRouteBuilderExtensions
{
    /// <summary>Proxies cut off what is not answered within a minute.</summary>
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(50);

    /// <summary>
    /// Maps the hub at <c>/hub</c>, behind the single-use token. If <c>Origins:Allowed</c> names any origin, its pages may use every
    /// transport, and the host must have <c>AddCors()</c> and, before authentication, <c>UseCors()</c>.
    /// </summary>
    public static HubEndpointConventionBuilder MapPushHub(this IEndpointRouteBuilder endpoints)
    {
        var marks = new TokenMarks();
        var hub = endpoints.MapHub<PushHub>("/hub", ConfigureTransports)
            .RequireSingleUseToken(marks)
            .WithMetadata(new HeldAnswerMetadata(ConnectionOpening.HeadsParameter), new ReconnectMetadata());
        var refresh = endpoints.MapPost($"/hub{RefreshMetadata.Segment}", RefreshEndpoint.RunAsync)
            .WithMetadata(new RefreshMetadata())
            .ExcludeFromDescription()
            .RequireSingleUseToken(marks);
        if (endpoints.ServiceProvider.GetRequiredService<IOptions<OriginOptions>>().Value.Allowed.Count > 0)
        {
            hub.RequireCors(AllowOrigins);
            refresh.RequireCors(AllowOrigins);
        }

        return hub;

        void AllowOrigins(CorsPolicyBuilder policy) =>
            policy.SetIsOriginAllowed(endpoints.ServiceProvider.GetRequiredService<OriginPolicy>().IsAllowed)
                .AllowAnyMethod().AllowAnyHeader().AllowCredentials();
    }

    /// <summary>
    /// Maps <c>/realtimehub.js</c>, from which a page imports <c>PushClient</c>: compressed as the browser takes it, with an ETag.
    /// </summary>
    /// <remarks>It is built with the server, so that the two never differ. Any page may import it, of whichever origin.</remarks>
    public static RouteHandlerBuilder MapClientScript(this IEndpointRouteBuilder endpoints)
    {
        var script = new ClientScript();
        return endpoints.MapMethods($"/{ClientScript.FileName}", [HttpMethods.Get, HttpMethods.Head], script.Answer);
    }

    private static void ConfigureTransports(HttpConnectionDispatcherOptions options)
    {
        options.MinimumProtocolVersion = 1;
        options.CloseOnAuthenticationExpiration = true;
        options.AllowStatefulReconnects = true;
        options.LongPolling.PollTimeout = LongestPoll;
        options.WebSockets.SubProtocolSelector = offered =>
            offered.Contains(SingleUseTokenDefaults.Subprotocol) ? SingleUseTokenDefaults.Subprotocol : null!;
    }
}
