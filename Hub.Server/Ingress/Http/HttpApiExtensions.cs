using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Ingress.Http.Reference;
using RealtimeHub.Insight;
using RealtimeHub.Insight.Messages;
using RealtimeHub.Insight.Settings;
using RealtimeHub.Operations.Settings;

namespace RealtimeHub.Ingress.Http;

/// <summary>Registers the HTTP API for backends.</summary>
internal static class HttpApiExtensions
{
    public static IServiceCollection AddHttpApi(this IServiceCollection services)
    {
        services.AddValidatedOptions<ApiOptions, ApiOptionsValidator>(ApiOptions.Section);
        services.TryAddSingleton<CanaryKey>();
        services.AddSingleton<DevelopmentKey>().AddSingleton<ApiKeyRing>().AddSingleton<MessageRate>();
        services.AddSingleton<MessageTracking>().AddSingleton<Explainer>().AddSingleton<ChangedSettings>().AddSingleton<HandledWait>();
        services.AddApiReference();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyDefaults.AuthenticationScheme, _ => { });
        return services;
    }
}
