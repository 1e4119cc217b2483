using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;
using RealtimeHub.Routing;

namespace RealtimeHub.Hosting;

/// <summary>Sends what the server measures and traces to where OpenTelemetry's environment variables say.</summary>
internal static class OtlpExport
{
    private const string ServiceName = "realtimehub";

    private static readonly string[] Signals = ["METRICS", "TRACES"];

    /// <summary>Whether the environment names somebody who takes a signal.</summary>
    public static bool Takes(string signal, IConfiguration configuration) =>
        ((string[])["OTEL_EXPORTER_OTLP_ENDPOINT", $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"])
            .Any(endpoint => !string.IsNullOrWhiteSpace(configuration[endpoint]));

    /// <remarks>
    /// Only this way OpenTelemetry reads all of its variables. It would export the log as well, which nobody has asked for.
    /// </remarks>
    public static IServiceCollection AddOtlpExport(this IServiceCollection services, IConfiguration configuration)
    {
        if (!Signals.Any(signal => Takes(signal, configuration)))
        {
            return services;
        }

        services.AddOpenTelemetry().UseOtlpExporter();
        return services.AddLogging(logging => logging.AddFilter<OpenTelemetryLoggerProvider>(category: null, LogLevel.None));
    }

    /// <summary>Says which service this is, and which instance. What the environment says wins.</summary>
    public static ResourceBuilder Describe(ResourceBuilder resource, IServiceProvider services) => resource
        .AddService(ServiceName, serviceInstanceId: services.GetRequiredService<NodeId>().Value)
        .AddEnvironmentVariableDetector();
}
