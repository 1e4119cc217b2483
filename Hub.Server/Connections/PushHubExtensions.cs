using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RealtimeHub.Authentication;
using RealtimeHub.Delivery;
using RealtimeHub.Nodes;
using RealtimeHub.Publishing;
using RealtimeHub.Resuming;

namespace RealtimeHub.Connections;

/// <summary>Puts the push hub into a host, and lets a process without it push.</summary>
public static class PushHubExtensions
{
    /// <summary>
    /// Room for a <c>Resume</c> with the cursors of all that a connection can get the messages of, even if each character of their names is escaped
    /// (<c>\u0041</c>): 512 KB.
    /// </summary>
    private const int LargestCall = 512 * 1024;

    /// <summary>Proxies cut off what is not answered within a minute.</summary>
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(50);

    /// <summary>
    /// Registers the hub, the single-use token, <c>IPublisher</c> and <c>IHubContext&lt;PushHub, IPushClient&gt;</c>. With <c>Redis:Connection</c> a message reaches
    /// the user on whichever node; without it only connections of this process.
    /// </summary>
    public static IServiceCollection AddPushHub(this IServiceCollection services)
    {
        services.AddNode().AddPublishing();
        services.AddAuthentication().AddSingleUseToken();
        services.AddSignalR().AddHubOptions<PushHub>(Configure);
        services.TryAddSingleton<HubLifetimeManager<PushHub>, PushHubLifetimeManager>();
        services.TryAddTransient(provider => new PushHub(provider.GetRequiredService<Resumption>(), provider.GetRequiredService<ConnectionRegistry>()));
        foreach (var part in (Type[])[typeof(ConnectionRegistry), typeof(UserMembership), typeof(GroupMembership), typeof(ConnectionAttachment), typeof(CallEncoder),
            typeof(HeadNotice), typeof(PositionCheck), typeof(RemoteGroups), typeof(NodeInbox), typeof(Resumption)])
        {
            services.TryAddSingleton(part);
        }

        return services.AddHostedService<HubNode>().AddHostedService<ConnectionDrain>();
    }

    /// <summary>
    /// Maps the hub at <c>/hub</c>, behind the single-use token. If <c>Origins:Allowed</c> names any origin, its pages may use every
    /// transport, and the host must have <c>AddCors()</c> and, before authentication, <c>UseCors()</c>.
    /// </summary>
    public static HubEndpointConventionBuilder MapPushHub(this IEndpointRouteBuilder endpoints)
    {
        var hub = endpoints.MapHub<PushHub>("/hub", ConfigureTransports).RequireSingleUseToken();
        var origins = endpoints.ServiceProvider.GetRequiredService<OriginPolicy>();
        return endpoints.ServiceProvider.GetRequiredService<IOptions<OriginOptions>>().Value.Allowed.Count == 0
            ? hub
            : hub.RequireCors(policy => policy.SetIsOriginAllowed(origins.IsAllowed).AllowAnyMethod().AllowAnyHeader().AllowCredentials());
    }

    private static void Configure(HubOptions<PushHub> options)
    {
        options.SupportedProtocols = [Outgoing.Protocol];
        options.MaximumParallelInvocationsPerClient = 1;
        options.MaximumReceiveMessageSize = LargestCall;
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
