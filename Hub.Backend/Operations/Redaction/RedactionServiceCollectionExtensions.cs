using Microsoft.Extensions.DependencyInjection.Extensions;

namespace RealtimeHub.Operations.Redaction;

internal static class RedactionServiceCollectionExtensions
{
    /// <summary>
    /// Wraps the logger factory that is registered so far in redaction, and redacts the traces of requests before anything else handles
    /// them. A second call changes nothing.
    /// </summary>
    public static IServiceCollection AddLogRedaction(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(RedactingLoggerFactory)))
        {
            return services;
        }

        services.AddLogging();
        services.AddTransient<IStartupFilter, TraceRedaction>();
        var registered = services.Last(service => service.ServiceType == typeof(ILoggerFactory));
        services.AddSingleton(provider => new RedactingLoggerFactory(Create(registered, provider)));
        return services.Replace(
            ServiceDescriptor.Singleton<ILoggerFactory>(provider => provider.GetRequiredService<RedactingLoggerFactory>()));
    }

    private static ILoggerFactory Create(ServiceDescriptor registered, IServiceProvider provider) =>
        (ILoggerFactory)(registered.ImplementationInstance
            ?? registered.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!));
}
