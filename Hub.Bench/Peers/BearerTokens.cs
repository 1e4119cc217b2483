using System.IdentityModel.Tokens.Jwt;
using System.Security.Claims;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace RealtimeHub.Bench.Peers;

/// <summary>JSON Web Tokens with HS256, minted and checked.</summary>
internal static class BearerTokens
{
    /// <summary>The claim that names a group which the connection joins.</summary>
    public const string GroupClaim = "room";

    private const string Site = "bench";

    private static readonly SymmetricSecurityKey Key = new(Encoding.ASCII.GetBytes("a key for the bench that opens nothing else"));

    /// <summary>What a server must ask of a token: issuer, audience, signature and time.</summary>
    public static TokenValidationParameters Rules { get; } = new() { ValidIssuer = Site, ValidAudience = Site, IssuerSigningKey = Key };

    public static string Mint(string user, IEnumerable<string> groups) => new JwtSecurityTokenHandler().WriteToken(new JwtSecurityToken(
        issuer: Site,
        audience: Site,
        claims: [new Claim("sub", user), .. groups.Select(group => new Claim(GroupClaim, group))],
        expires: TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1),
        signingCredentials: new SigningCredentials(Key, SecurityAlgorithms.HmacSha256)));
}
