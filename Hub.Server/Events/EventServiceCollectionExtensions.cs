using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using RealtimeHub.Events;
using RealtimeHub.Ingress.RabbitMq;
using RealtimeHub.Operations.Settings;
using RealtimeHub.Publishing;
using RealtimeHub.Routing.Events;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Has the push hub of a host tell a backend what happens to its connections.</summary>
public static class EventServiceCollectionExtensions
{
    /// <summary>
    /// Records and sends the events that docs/protocol.md lists ("Events for backends"), if the settings <c>Events:Url</c>,
    /// <c>Events:RabbitMqExchange</c> or <c>Presence:Address</c> say where to. Otherwise nothing is done. Goes with <c>AddPushHub</c>.
    /// </summary>
    /// <remarks>
    /// All nodes that share a Redis are to call it, with the same settings: what happens on another is not recorded. It may be called more
    /// than once.
    /// </remarks>
    /// <exception cref="OptionsValidationException">At start: a setting is wrong.</exception>
    public static IServiceCollection AddPushHubEvents(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(EventSender)))
        {
            return services;
        }

        services.AddPublishing().AddEventRecording();
        services.AddValidatedOptions<RabbitMqOptions, RabbitMqOptionsValidator>(RabbitMqOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EventOptions>, EventExchangeValidator>());
        services.AddSingleton<WebhookSink>().AddSingleton<RabbitMqSink>().AddSingleton<PresenceSink>();
        services.AddSingleton(SenderIn).AddSingleton<PresenceWatch>();
        services.AddHostedService<EventService>();
        services.AddOptions<HealthCheckServiceOptions>().Configure<RecordedEvents>(AddHealthCheck);
        return services;
    }

    private static EventSender SenderIn(IServiceProvider provider) => new(
        provider.GetRequiredService<IEventQueue>(), [.. SinksIn(provider)], provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<EventSender>>());

    private static IEnumerable<IEventSink> SinksIn(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<EventOptions>>().Value;
        if (provider.GetRequiredService<IOptions<PresenceOptions>>().Value.IsConfigured)
        {
            yield return provider.GetRequiredService<PresenceSink>();
        }

        if (options.HasUrl)
        {
            yield return provider.GetRequiredService<WebhookSink>();
        }

        if (options.HasExchange)
        {
            yield return provider.GetRequiredService<RabbitMqSink>();
        }
    }

    // Read at the first use, because configuration may be added after this call.
    private static void AddHealthCheck(HealthCheckServiceOptions checks, RecordedEvents recorded)
    {
        if (recorded.OfPresence)
        {
            checks.Registrations.Add(new HealthCheckRegistration(
                "events", provider => provider.GetRequiredService<EventSender>(), failureStatus: null, tags: null));
        }
    }
}
