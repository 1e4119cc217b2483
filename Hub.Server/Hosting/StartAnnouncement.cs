using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Operations;
using RealtimeHub.Redis;
using IServer = Microsoft.AspNetCore.Hosting.Server.IServer;

namespace RealtimeHub.Hosting;

/// <summary>
/// Tells, once the server listens, its mode and the address to open, and how to use the HTTP API if no key is configured for it.
/// </summary>
internal sealed partial class StartAnnouncement(
    IServer server, IOptions<SiteOptions> site, IOptions<RedisStoreOptions> redis, ApiKeyRing keys, DevelopmentKey development,
    IHostEnvironment environment, IHostApplicationLifetime lifetime, ILogger<StartAnnouncement> logger)
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
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        var root = address is null ? null : address + site.Value.PathBase;
        AnnounceMode(root ?? "(no address)");
        AnnounceApi(root);
    }

    private void AnnounceMode(string root)
    {
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

    private void AnnounceApi(string? root)
    {
        if (keys.IsEmpty)
        {
            Log.NoKey(logger);
        }
        else if (keys.HasDevelopmentKeyOnly && root is not null)
        {
            // To the console, which the developer sees, and not to the log: it is a key.
            Console.Out.WriteLine($"No key is configured (Api:Keys), so one was made for as long as this process runs. It reaches alice from a shell:\n\n  {development.Example(root)}\n");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "RealtimeHub runs in memory, as one node; set Redis:Connection for more. {Open}.", EventName = "InMemory")]
        public static partial void InMemory(ILogger logger, string open);

        [LoggerMessage(2, LogLevel.Information, "RealtimeHub runs on Redis at {EndPoints}, beside any number of nodes. {Open}.", EventName = "InRedis")]
        public static partial void InRedis(ILogger logger, string endPoints, string open);

        [LoggerMessage(3, LogLevel.Information,
            "The HTTP API is shut, because no key is configured. To open it, make a key, KEY=$(openssl rand -hex 32), and start the hub with its hash: Api__Keys__shop=$(printf %s \"$KEY\" | sha256sum | cut -d' ' -f1).",
            EventName = "ApiWithoutKey")]
        public static partial void NoKey(ILogger logger);
    }
}
