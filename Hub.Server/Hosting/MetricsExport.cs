using OpenTelemetry.Metrics;
using RealtimeHub.Operations.Settings;

namespace RealtimeHub.Hosting;

/// <summary>
/// Exports what the server measures: at <c>/metrics</c>, for Prometheus, and by OTLP, as OpenTelemetry's environment variables say. If
/// neither is asked for, nothing is measured.
/// </summary>
/// <remarks>
/// A host that embeds the hub has none of these exporters: no type of the server may have one in what it inherits, or keep one.
/// </remarks>
internal static class MetricsExport
{
    /// <summary>What ASP.NET Core, Kestrel, SignalR and .NET measure of themselves.</summary>
    private static readonly string[] Platform =
    [
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Http.Connections", "System.Runtime",
    ];

    /// <remarks>Stands before what serves clients, so that the metrics can be read until the last of them has gone.</remarks>
    public static IServiceCollection AddMetricsExport(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidatedOptions<MetricsOptions>(MetricsOptions.Section);
        var isScraped = !string.IsNullOrWhiteSpace(configuration[$"{MetricsOptions.Section}:{nameof(MetricsOptions.Urls)}"]);
        if (isScraped || OtlpExport.Takes("METRICS", configuration))
        {
            services.AddOpenTelemetry().WithMetrics(Measure);
        }

        return isScraped ? services.AddListener() : services;
    }

    /// <remarks>Kept apart, since a scrape is no request of the hub.</remarks>
    public static void Map(WebApplication listener, MeterProvider metrics) =>
        listener.MapPrometheusScrapingEndpoint("/metrics", metrics, configureBranchedPipeline: null, optionsName: null).DisableHttpMetrics();

    private static IServiceCollection AddListener(this IServiceCollection services)
    {
        services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddPrometheusExporter());
        return services.AddSingleton<MetricsListener>().AddHostedService(provider => provider.GetRequiredService<MetricsListener>());
    }

    private static void Measure(MeterProviderBuilder metrics)
    {
        metrics.AddRealtimeHubInstrumentation().AddMeter(Platform);
        if (metrics is IDeferredMeterProviderBuilder deferred)
        {
            deferred.Configure((provider, builder) => builder.ConfigureResource(resource => OtlpExport.Describe(resource, provider)));
        }
    }
}
