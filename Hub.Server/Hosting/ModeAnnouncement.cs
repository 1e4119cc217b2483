using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using RealtimeHub.Operations;
using RealtimeHub.Redis;
using IServer = Microsoft.AspNetCore.Hosting.Server.IServer;

namespace RealtimeHub.Hosting;

/// <summary>Logs one line once the server listens: its mode, and the address to open.</summary>
internal sealed partial class ModeAnnouncement(
    IServer server, IOptions<RedisStoreOptions> redis, IOptions<SiteOptions> site, IHostEnvironment environment,
    IHostApplicationLifetime lifetime, ILogger<ModeAnnouncement> logger)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(Announce);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Announce()
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "(no address)";
        var root = address + site.Value.PathBase;
        var open = environment.IsDevelopment() ? $"Open {root} for the demo page" : $"Clients connect to {root}/hub";
        if (redis.Value.IsConfigured)
        {
            Log.InRedis(logger, redis.Value.Hosts, open);
        }
        else
        {
            Log.InMemory(logger, open);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "RealtimeHub runs in memory, as one node; set Redis:Connection for more. {Open}.", EventName = "InMemory")]
        public static partial void InMemory(ILogger logger, string open);

        [LoggerMessage(2, LogLevel.Information, "RealtimeHub runs on Redis at {EndPoints}, beside any number of nodes. {Open}.", EventName = "InRedis")]
        public static partial void InRedis(ILogger logger, string endPoints, string open);
    }
}
