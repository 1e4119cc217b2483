using Microsoft.Extensions.DependencyInjection.Extensions;

namespace RealtimeHub.Operations;

internal static class RedactionServiceCollectionExtensions
{
    /// <summary>Puts redaction around whichever logger factory is registered so far.</summary>
    public static IServiceCollection AddLogRedaction(this IServiceCollection services)
    {
        services.AddLogging();
        var registered = services.Last(service => service.ServiceType == typeof(ILoggerFactory));
        if (registered.ImplementationFactory?.Method.DeclaringType?.Assembly == typeof(RedactingLoggerFactory).Assembly)
        {
            return services;
        }

        return services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(provider => new RedactingLoggerFactory(Create(registered, provider))));
    }

    private static ILoggerFactory Create(ServiceDescriptor registered, IServiceProvider provider) =>
        (ILoggerFactory)(registered.ImplementationInstance
            ?? registered.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!));
}
