using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.StackExchangeRedis;
using RealtimeHub.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets the hubs that a host has beside the push hub use its connection to Redis.</summary>
public static class RealtimeHubBackplaneExtensions
{
    /// <summary>
    /// Adds SignalR's Redis backplane for the host's own hubs, on the connection of the push hub: one connection for both, with
    /// <c>Redis:Connection</c> and <c>Redis:KeyPrefix</c>. Without <c>Redis:Connection</c> the host does not start. For another Redis, or
    /// settings of its own, call <c>AddStackExchangeRedis</c> instead: the push hub does not touch that.
    /// </summary>
    public static ISignalRServerBuilder AddRealtimeHubBackplane(this ISignalRServerBuilder signalR)
    {
        signalR.AddStackExchangeRedis();
        signalR.Services.AddRedis();
        signalR.Services.AddOptions<RedisOptions>().Configure<IServiceProvider>(
            (options, services) => options.ConnectionFactory = _ => Task.FromResult(
                services.GetRequiredService<RedisConnection>().Multiplexer));
        signalR.Services.AddOptions<RedisStoreOptions>().Validate(
            options => options.IsConfigured,
            "Redis:Connection is empty. AddRealtimeHubBackplane() takes the hubs of this host to the push hub's Redis: set it, or do not call that.");
        return signalR;
    }
}
