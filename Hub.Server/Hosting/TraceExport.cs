using OpenTelemetry.Trace;

namespace RealtimeHub.Hosting;

/// <summary>
/// Traces requests and what the hub does, if the environment names somebody who takes traces: those that others have begun, and, as
/// <c>OTEL_TRACES_SAMPLER</c> says, more.
/// </summary>
internal static class TraceExport
{
    private const string Sampler = "OTEL_TRACES_SAMPLER";

    public static IServiceCollection AddTraceExport(this IServiceCollection services, IConfiguration configuration)
    {
        if (OtlpExport.Takes("TRACES", configuration))
        {
            services.AddOpenTelemetry().WithTracing(tracing => Trace(tracing, configuration));
        }

        return services;
    }

    private static void Trace(TracerProviderBuilder tracing, IConfiguration configuration)
    {
        tracing.AddRealtimeHubInstrumentation().AddAspNetCoreInstrumentation();
        if (string.IsNullOrWhiteSpace(configuration[Sampler]))
        {
            // A storm of clients, or a busy backend, is not to become a storm of spans.
            tracing.SetSampler(new ParentBasedSampler(new AlwaysOffSampler()));
        }

        if (tracing is IDeferredTracerProviderBuilder deferred)
        {
            deferred.Configure((provider, builder) => builder.ConfigureResource(resource => OtlpExport.Describe(resource, provider)));
        }
    }
}
