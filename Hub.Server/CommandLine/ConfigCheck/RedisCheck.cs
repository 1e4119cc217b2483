using Microsoft.Extensions.Options;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.CommandLine.ConfigCheck;

/// <summary>Asks the configured Redis for everything that the hub would ask it for.</summary>
internal static class RedisCheck
{
    /// <returns>A mistake if Redis refuses for good; a warning if it is away, or refuses only for a while.</returns>
    public static async Task<(string[] Errors, string[] Warnings)> AskAsync(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<RedisStoreOptions>>().Value;
        if (!options.IsConfigured)
        {
            return ([], []);
        }

        return await services.GetRequiredService<RedisProbe>().TryAsync() is not { } fault ? ([], [])
            : fault.IsForOperator ? ([$"{fault.At(options.Hosts)}"], [])
            : ([], [$"{fault.At(options.Hosts)} The server starts nevertheless, and lets nobody in for as long."]);
    }
}
