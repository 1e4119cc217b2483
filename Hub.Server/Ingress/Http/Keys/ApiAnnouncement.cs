using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using RealtimeHub.Operations;
using IServer = Microsoft.AspNetCore.Hosting.Server.IServer;

namespace RealtimeHub.Ingress.Http.Keys;

/// <summary>Says how to use the HTTP API if no key is configured for it, once the server listens.</summary>
internal sealed partial class ApiAnnouncement(
    IServer server, ApiKeyRing keys, DevelopmentKey development, IOptions<SiteOptions> site,
    IHostApplicationLifetime lifetime, ILogger<ApiAnnouncement> logger)
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
        if (keys.IsEmpty)
        {
            Log.NoKey(logger);
        }
        else if (keys.HasDevelopmentKeyOnly && server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } address)
        {
            // To the console, which the developer sees, and not to the log: it is a key.
            Console.Out.WriteLine($"No key is configured (Api:Keys), so one was made for as long as this process runs. It reaches alice from a shell:\n\n  {development.Example(address + site.Value.PathBase)}\n");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information,
            "The HTTP API is shut, because no key is configured. To open it, make a key, KEY=$(openssl rand -hex 32), and start the hub with its hash: Api__Keys__shop=$(printf %s \"$KEY\" | sha256sum | cut -d' ' -f1).",
            EventName = "ApiWithoutKey")]
        public static partial void NoKey(ILogger logger);
    }
}
