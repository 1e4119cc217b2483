using RealtimeHub.Operations;

namespace OpenTelemetry.Trace;

/// <summary>Lets a host export what the hub traces.</summary>
public static class RealtimeHubTracerProviderBuilderExtensions
{
    /// <summary>
    /// Traces the hub: the spans that the table of docs/operations.md names. Where they are exported to, and which, the host says. No
    /// attribute names a user, an address, a connection or a secret.
    /// </summary>
    /// <remarks>A process that only publishes calls <c>AddSource("RealtimeHub")</c>, for which it needs no package of ours.</remarks>
    public static TracerProviderBuilder AddRealtimeHubInstrumentation(this TracerProviderBuilder builder) =>
        builder.AddSource(HubSpans.SourceName);
}
