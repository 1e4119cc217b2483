using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using RealtimeHub.Operations;
using RealtimeHub.Operations.Settings;

namespace RealtimeHub.Insight;

internal static class CanaryServiceCollectionExtensions
{
    /// <summary>
    /// Has the node be its own client all the time, unless <c>Canary:Enabled</c> says otherwise. Stands behind <c>AddWarmup</c> and before
    /// <c>AddPushHub</c>.
    /// </summary>
    public static IServiceCollection AddCanary(this IServiceCollection services)
    {
        services.AddLogSummary();
        services.AddOptions<CanaryOptions>().Configure<IHostEnvironment>((canary, host) => canary.Enabled = !host.IsDevelopment());
        services.AddValidatedOptions<CanaryOptions>(CanaryOptions.Section);
        services.TryAddSingleton<CanaryLog>();
        services.TryAddSingleton<CanaryPost>();
        services.TryAddSingleton<CanaryLine>();
        services.AddHostedService<StandingCanary>();
        services.AddOptions<HealthCheckServiceOptions>().Configure<IOptions<CanaryOptions>>(AddCheck);
        return services;
    }

    private static void AddCheck(HealthCheckServiceOptions checks, IOptions<CanaryOptions> canary)
    {
        if (canary.Value.Enabled)
        {
            checks.Registrations.Add(new HealthCheckRegistration(
                CanaryCheck.Name, provider => ActivatorUtilities.CreateInstance<CanaryCheck>(provider), failureStatus: null, tags: null));
        }
    }
}
