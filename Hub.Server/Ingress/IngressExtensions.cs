using Microsoft.AspNetCore.Authentication;
using RealtimeHub.Operations;

namespace RealtimeHub.Ingress;

/// <summary>Registers the doors for backends.</summary>
internal static class IngressExtensions
{
    public static IServiceCollection AddHttpApi(this IServiceCollection services)
    {
        services.AddValidatedOptions<ApiOptions, ApiOptionsValidator>(ApiOptions.Section);
        services.AddSingleton<ApiKeyRing>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyDefaults.AuthenticationScheme, _ => { });
        return services;
    }
}
