using Microsoft.Extensions.DependencyInjection.Extensions;

namespace RealtimeHub.Operations;

internal static class RedactionServiceCollectionExtensions
{
    /// <summary>Puts redaction around whichever logger factory is registered so far. A second call changes nothing.</summary>
    public static IServiceCollection AddLogRedaction(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(RedactingLoggerFactory)))
        {
            return services;
        }

        services.AddLogging();
        var registered = services.Last(service => service.ServiceType == typeof(ILoggerFactory));
        services.AddSingleton(provider => new RedactingLoggerFactory(Create(registered, provider)));
        return services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(provider => provider.GetRequiredService<RedactingLoggerFactory>()));
    }

    private static ILoggerFactory Create(ServiceDescriptor registered, IServiceProvider provider) =>
        (ILoggerFactory)(registered.ImplementationInstance
            ?? registered.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!));
}
