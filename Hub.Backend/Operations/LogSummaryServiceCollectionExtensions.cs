using Microsoft.Extensions.DependencyInjection.Extensions;

namespace RealtimeHub.Operations;

internal static class LogSummaryServiceCollectionExtensions
{
    /// <summary>Lets refusals and other events be counted and summed up. Every <see cref="Refusal"/> needs it.</summary>
    public static IServiceCollection AddLogSummary(this IServiceCollection services)
    {
        services.AddLogging().AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<LogSummary>();
        services.TryAddSingleton<RefusalLog>();
        return services;
    }
}
