using System.Security.Claims;

namespace RealtimeHub.Ingress.Http.Keys;

/// <summary>A backend that has shown its key: its name is that under which the key is configured.</summary>
/// <param name="name">The name.</param>
/// <param name="scopes">What the key is good for.</param>
internal sealed class ApiIdentity(string name, ApiScope scopes)
    : ClaimsIdentity([new Claim(ClaimTypes.Name, name)], ApiKeyDefaults.AuthenticationScheme)
{
    public bool Has(ApiScope scope) => scopes.HasFlag(scope);
}
