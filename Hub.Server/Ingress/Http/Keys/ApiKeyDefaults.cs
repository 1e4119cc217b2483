using System.Security.Claims;

namespace RealtimeHub.Ingress.Http.Keys;

/// <summary>Names that the scheme of the HTTP API gives to things.</summary>
internal static class ApiKeyDefaults
{
    public const string AuthenticationScheme = "ApiKey";

    public const string Header = "X-Api-Key";

    private const string ScopeClaim = "scope";

    public static IEnumerable<Claim> ClaimsOf(ApiBackend backend) =>
        [new(ClaimTypes.Name, backend.Name), new(ScopeClaim, backend.Scopes.ToString())];

    public static bool HasScope(ClaimsPrincipal user, ApiScope scope) =>
        Enum.TryParse<ApiScope>(user.FindFirstValue(ScopeClaim), out var scopes) && scopes.HasFlag(scope);

    /// <summary>The claim that names the backend: the name under which its key is configured.</summary>
    public static string BackendOf(ClaimsPrincipal user) => $"api/{user.Identity?.Name}";
}
