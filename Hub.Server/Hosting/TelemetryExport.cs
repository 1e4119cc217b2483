namespace RealtimeHub.Hosting;

/// <summary>What the server exports of what it does.</summary>
internal static class TelemetryExport
{
    public static IServiceCollection AddTelemetryExport(this IServiceCollection services, IConfiguration configuration) =>
        services.AddMetricsExport(configuration).AddTraceExport(configuration).AddOtlpExport(configuration);
}
