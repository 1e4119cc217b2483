using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using RealtimeHub.Operations.Settings;
using RealtimeHub.Publishing;

namespace RealtimeHub.Ingress.RabbitMq;

/// <summary>Registers what takes messages from a queue of RabbitMQ.</summary>
internal static class RabbitMqExtensions
{
    /// <summary>
    /// The node consumes from the queue if <c>RabbitMq:Uri</c> is set. Otherwise it opens nothing, and has no health check for RabbitMQ.
    /// </summary>
    public static IServiceCollection AddRabbitMqIngress(this IServiceCollection services)
    {
        services.AddPublishing().AddValidatedOptions<RabbitMqOptions, RabbitMqOptionsValidator>(RabbitMqOptions.Section);
        services.AddSingleton<RabbitMqConsumer>().AddHostedService(provider => provider.GetRequiredService<RabbitMqConsumer>());
        services.AddOptions<HealthCheckServiceOptions>().Configure<IOptions<RabbitMqOptions>>(AddHealthCheck);
        return services;
    }

    // Read at the first use, because configuration may be added after this call.
    private static void AddHealthCheck(HealthCheckServiceOptions checks, IOptions<RabbitMqOptions> options)
    {
        if (options.Value.IsConfigured)
        {
            checks.Registrations.Add(new HealthCheckRegistration(
                "rabbitmq", provider => provider.GetRequiredService<RabbitMqConsumer>(), failureStatus: null, tags: null));
        }
    }
}
