using System.Security.Claims;

namespace RealtimeHub.Ingress.Http.Keys;

/// <summary>Names that the scheme of the HTTP API gives to things.</summary>
internal static class ApiKeyDefaults
{
    public const string AuthenticationScheme = "ApiKey";

    public const string Header = "X-Api-Key";

    /// <summary>Which backend it is that publishes: whatever its key is, the name that the key is configured under.</summary>
    public static string BackendOf(ClaimsPrincipal user) => $"api/{user.Identity?.Name}";
}
