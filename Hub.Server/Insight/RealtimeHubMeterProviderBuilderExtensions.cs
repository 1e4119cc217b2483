using RealtimeHub.Operations;

namespace OpenTelemetry.Metrics;

/// <summary>Lets a host export what the hub measures.</summary>
public static class RealtimeHubMeterProviderBuilderExtensions
{
    /// <summary>
    /// Measures the hub: all that the table of docs/operations.md names. Where it is exported to, the host says. No tag names a user, an
    /// address, a connection or a secret.
    /// </summary>
    /// <remarks>A process that only publishes calls <c>AddMeter("RealtimeHub")</c>, for which it needs no package of ours.</remarks>
    public static MeterProviderBuilder AddRealtimeHubInstrumentation(this MeterProviderBuilder builder) => builder.AddMeter(HubMeter.Name);
}
