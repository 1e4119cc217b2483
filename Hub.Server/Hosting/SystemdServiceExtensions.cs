using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting.Systemd;

namespace RealtimeHub.Hosting;

internal static class SystemdServiceExtensions
{
    /// <summary>
    /// For a process that systemd starts: tells systemd when the hub is ready for its clients, when it stops and that it is alive, and logs
    /// in the journal's format. Otherwise it does nothing.
    /// </summary>
    public static IServiceCollection AddSystemdService(this IServiceCollection services)
    {
        services.AddSystemd();
        return services.Any(service => service.ServiceType == typeof(ISystemdNotifier))
            ? services.Replace(ServiceDescriptor.Singleton<ISystemdNotifier, ReadyNotifier>()).AddHostedService<SystemdWatchdog>()
            : services;
    }
}
