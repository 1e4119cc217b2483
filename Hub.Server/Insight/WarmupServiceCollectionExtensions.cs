using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using RealtimeHub.Operations.Settings;

namespace RealtimeHub.Insight;

internal static class WarmupServiceCollectionExtensions
{
    /// <summary>
    /// Warms the node up before it is ready, unless <c>Warmup:Enabled</c> says otherwise. Stands before <c>AddPushHub</c>.
    /// </summary>
    public static IServiceCollection AddWarmup(this IServiceCollection services)
    {
        services.AddOptions<WarmupOptions>().Configure<IHostEnvironment>((warmup, host) => warmup.Enabled = !host.IsDevelopment());
        services.AddValidatedOptions<WarmupOptions>(WarmupOptions.Section);
        services.TryAddSingleton<OwnSocket>();
        services.TryAddSingleton<CanaryKey>();
        services.TryAddSingleton<CanaryBackend>();
        services.TryAddSingleton<Canary>();
        services.TryAddSingleton<Warmup>();
        services.AddHostedService(provider => provider.GetRequiredService<Warmup>());
        services.AddOptions<HealthCheckServiceOptions>().Configure<IOptions<WarmupOptions>>(AddCheck);
        return services;
    }

    private static void AddCheck(HealthCheckServiceOptions checks, IOptions<WarmupOptions> warmup)
    {
        if (warmup.Value.Enabled)
        {
            checks.Registrations.Add(new HealthCheckRegistration(
                WarmupCheck.Name,
                provider => ActivatorUtilities.CreateInstance<WarmupCheck>(provider),
                failureStatus: null,
                tags: [WarmupCheck.LogsItself]));
        }
    }
}
