using Microsoft.Extensions.Hosting.Systemd;

namespace RealtimeHub.Hosting;

internal static class SystemdServiceExtensions
{
    /// <summary>
    /// As a service of systemd: says when the hub accepts connections, when it stops and that it is alive, and logs as the journal likes
    /// it. Started by anything else: nothing.
    /// </summary>
    public static IServiceCollection AddSystemdService(this IServiceCollection services)
    {
        services.AddSystemd();
        return services.Any(service => service.ServiceType == typeof(ISystemdNotifier))
            ? services.AddHostedService<SystemdWatchdog>()
            : services;
    }
}
