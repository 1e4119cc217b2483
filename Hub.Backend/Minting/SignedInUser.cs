using System.Security.Claims;
using RealtimeHub.Tokens;

namespace RealtimeHub.Minting;

/// <summary>The token record for whoever is signed in to the web app.</summary>
internal static class SignedInUser
{
    /// <summary>The record for the principal, or null if nobody is signed in.</summary>
    /// <remarks>The user is the name identifier, or the name where a scheme gives none. Name, roles and <c>sid</c> go along.</remarks>
    public static TokenRecord? RecordFor(ClaimsPrincipal principal)
    {
        if (principal.Identity is not { IsAuthenticated: true } identity)
        {
            return null;
        }

        var roleType = (identity as ClaimsIdentity)?.RoleClaimType ?? ClaimTypes.Role;
        return new TokenRecord
        {
            Subject = principal.FindFirstValue(ClaimTypes.NameIdentifier) ?? identity.Name ?? "",
            Name = identity.Name,
            Roles = [.. principal.FindAll(roleType).Select(role => role.Value)],
            SessionId = principal.FindFirstValue("sid"),
        };
    }
}
