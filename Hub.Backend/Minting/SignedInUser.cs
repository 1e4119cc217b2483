using System.Security.Claims;
using RealtimeHub.Tokens;

namespace RealtimeHub.Minting;

/// <summary>Makes the token record for the user who is signed in to the web app.</summary>
internal static class SignedInUser
{
    /// <summary>The record for the principal, or null if nobody is signed in.</summary>
    /// <remarks>
    /// The user is the name identifier; if the scheme gives none, the name. The record also has the name, the roles and <c>sid</c>.
    /// </remarks>
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
