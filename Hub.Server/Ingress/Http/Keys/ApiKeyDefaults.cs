using System.Security.Claims;

namespace RealtimeHub.Ingress.Http.Keys;

/// <summary>Names that the scheme of the HTTP API gives to things.</summary>
internal static class ApiKeyDefaults
{
    public const string AuthenticationScheme = "ApiKey";

    public const string Header = "X-Api-Key";

    public static bool HasScope(ClaimsPrincipal user, ApiScope scope) =>
        user.Identities.OfType<ApiIdentity>().Any(backend => backend.Has(scope));

    /// <summary>The claim that names the backend: the name under which its key is configured.</summary>
    public static string BackendOf(ClaimsPrincipal user) => $"api/{user.Identity?.Name}";
}
