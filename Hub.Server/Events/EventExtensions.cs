using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using RealtimeHub.Publishing;
using RealtimeHub.Routing.Events;

namespace RealtimeHub.Events;

/// <summary>Registers what tells a backend of events.</summary>
internal static class EventExtensions
{
    /// <summary>
    /// Events are recorded and sent if the sections <c>Events</c> and <c>Presence</c> say where. Otherwise nothing is done, and nothing is
    /// checked.
    /// </summary>
    public static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.AddPublishing().AddEventRecording();
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
