using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using RealtimeHub.Delivery;
using RealtimeHub.Ingress.Reference;
using RealtimeHub.Operations;

namespace RealtimeHub.Ingress;

/// <summary>Registers the doors for backends.</summary>
internal static class IngressExtensions
{
    public static IServiceCollection AddHttpApi(this IServiceCollection services)
    {
        services.AddValidatedOptions<ApiOptions, ApiOptionsValidator>(ApiOptions.Section);
        services.AddSingleton<DevelopmentKey>().AddSingleton<ApiKeyRing>().AddSingleton<MessageRate>().AddHostedService<ApiAnnouncement>();
        services.AddApiReference();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyDefaults.AuthenticationScheme, _ => { });
        return services;
    }

    /// <summary>The nodes consume from a queue of RabbitMQ if <c>RabbitMq:Uri</c> is set; otherwise there is no such door, and no health check.</summary>
    public static IServiceCollection AddRabbitMqIngress(this IServiceCollection services)
    {
        services.AddDelivery().AddValidatedOptions<RabbitMqOptions, RabbitMqOptionsValidator>(RabbitMqOptions.Section);
        services.AddSingleton<RabbitMqConsumer>().AddHostedService(provider => provider.GetRequiredService<RabbitMqConsumer>());
        services.AddOptions<HealthCheckServiceOptions>().Configure<IOptions<RabbitMqOptions>>(AddHealthCheck);
        return services;
    }

    // Asked at the first use, so configuration may come late.
    private static void AddHealthCheck(HealthCheckServiceOptions checks, IOptions<RabbitMqOptions> options)
    {
        if (options.Value.IsConfigured)
        {
            checks.Registrations.Add(new HealthCheckRegistration("rabbitmq", provider => provider.GetRequiredService<RabbitMqConsumer>(), failureStatus: null, tags: null));
        }
    }
}
