using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using IServer = Microsoft.AspNetCore.Hosting.Server.IServer;

namespace RealtimeHub.Hosting;

/// <summary>
/// Serves <c>/metrics</c> at addresses of its own, by a server of its own: whoever reaches the hub does not reach it, and when the hub is
/// full it still answers.
/// </summary>
internal sealed partial class MetricsListener(
    IOptions<MetricsOptions> options, MeterProvider metrics, ILoggerFactory loggers, ILogger<MetricsListener> logger)
    : IHostedService, IAsyncDisposable
{
    private WebApplication? _server;

    /// <summary>Where it listens, once it does.</summary>
    public IEnumerable<string> Addresses =>
        _server?.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(options.Value.Urls);
        builder.Services.AddRoutingCore().AddSingleton(loggers);

        // A signal to stop is the hub's: it is measured until it has ended.
        builder.Services.RemoveAll<IHostLifetime>().AddSingleton<IHostLifetime, NestedLifetime>();
        _server = builder.Build();
        MetricsExport.Map(_server, metrics);
        await _server.StartAsync(cancellationToken);
        Log.Listening(logger, string.Join(", ", Addresses.Select(address => $"{address}/metrics")));
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Prometheus finds the metrics at {Addresses}.", EventName = "MetricsListening")]
        public static partial void Listening(ILogger logger, string addresses);
    }

    /// <summary>Starts and stops with the host around it.</summary>
    private sealed class NestedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
