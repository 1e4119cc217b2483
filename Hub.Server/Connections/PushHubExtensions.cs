using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.StackExchangeRedis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RealtimeHub.Authentication;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using StackExchange.Redis;
using BackplaneOptions = Microsoft.AspNetCore.SignalR.StackExchangeRedis.RedisOptions;
using RedisOptions = RealtimeHub.Redis.RedisOptions;

namespace RealtimeHub.Connections;

/// <summary>Puts the push hub into a host, and lets a process without it push.</summary>
public static class PushHubExtensions
{
    /// <summary>
    /// Registers <c>IHubContext&lt;PushHub, IPushClient&gt;</c>: in the process that maps the hub, and as it is in a worker that maps none.
    /// With <c>Redis:Connection</c> a push reaches the user on whichever node; without it only connections of this process.
    /// </summary>
    public static IServiceCollection AddPushHub(this IServiceCollection services)
    {
        services.AddRedis();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSignalR();
        services.AddOptions<BackplaneOptions>().Configure<IServiceProvider>(ShareConnection);
        return services.AddByMode<HubLifetimeManager<PushHub>, RedisHubLifetimeManager<PushHub>, DefaultHubLifetimeManager<PushHub>>();
    }

    /// <summary>
    /// Maps the hub at <c>/hub</c>, behind the single-use token. If <c>Origins:Allowed</c> names any origin, its pages may use every
    /// transport, and the host must have <c>AddCors()</c> and, before authentication, <c>UseCors()</c>.
    /// </summary>
    public static HubEndpointConventionBuilder MapPushHub(this IEndpointRouteBuilder endpoints)
    {
        var hub = endpoints.MapHub<PushHub>("/hub", ConfigureTransports).RequireSingleUseToken();
        string[] origins = [.. endpoints.ServiceProvider.GetRequiredService<IOptions<OriginOptions>>().Value.Allowed];
        return origins.Length == 0
            ? hub
            : hub.RequireCors(policy => policy.WithOrigins(origins).AllowAnyMethod().AllowAnyHeader().AllowCredentials());
    }

    /// <summary>The clients at an address.</summary>
    internal static IPushClient At(this IHubClients<IPushClient> clients, Address address) =>
        address.Match(clients.User, clients.Group, () => clients.All);

    // A host's own hubs with AddStackExchangeRedis() share the connection too, unless they were given one of their own.
    private static void ShareConnection(BackplaneOptions options, IServiceProvider services)
    {
        if (services.GetRequiredService<IOptions<RedisOptions>>().Value.IsConfigured)
        {
            options.ConnectionFactory ??= _ => Task.FromResult(services.GetRequiredService<IConnectionMultiplexer>());
        }
    }

    private static void ConfigureTransports(HttpConnectionDispatcherOptions options)
    {
        options.MinimumProtocolVersion = 1;
        options.CloseOnAuthenticationExpiration = true;
        options.AllowStatefulReconnects = true;
        options.WebSockets.SubProtocolSelector = offered =>
            offered.Contains(SingleUseTokenDefaults.Subprotocol) ? SingleUseTokenDefaults.Subprotocol : null!;
    }
}
