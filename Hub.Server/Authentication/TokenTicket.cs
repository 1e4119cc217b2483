using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>Turns a token record into the principal that hubs see.</summary>
internal static class TokenTicket
{
    /// <remarks>
    /// The entries of <c>claims</c> cannot repeat the record's other fields: such a record is refused.
    /// <c>exp</c> becomes the ticket's expiry, at which SignalR closes the connection.
    /// </remarks>
    public static AuthenticationTicket For(TokenRecord record, string scheme)
    {
        var identity = new ClaimsIdentity(ClaimsOf(record), scheme, ClaimTypes.Name, ClaimTypes.Role);
        var properties = new AuthenticationProperties { IssuedUtc = record.IssuedAt, ExpiresUtc = record.ExpiresAt };
        return new AuthenticationTicket(new ClaimsPrincipal(identity), properties, scheme);
    }

    /// <summary>How long a ticket lets a connection stay, in whole seconds; null if for ever.</summary>
    public static int? LifetimeOf(AuthenticationTicket ticket, DateTimeOffset now) => ticket.Properties.ExpiresUtc is { } expires
        ? (int)Math.Clamp((expires - now).TotalSeconds, 0, int.MaxValue)
        : null;

    /// <summary>The user of a ticket made here.</summary>
    public static string UserOf(AuthenticationTicket ticket) => UserOf(ticket.Principal)!;

    /// <summary>The user that a token has let in; null for a principal of other schemes only.</summary>
    public static string? UserOf(ClaimsPrincipal principal) => IdentityOf(principal)?.FindFirst(ClaimTypes.NameIdentifier)?.Value;

    /// <summary>The names of the groups that a token has named.</summary>
    public static IReadOnlyList<string> GroupsOf(ClaimsPrincipal principal) =>
        [.. principal.FindAll(SingleUseTokenDefaults.GroupClaimType).Select(group => group.Value)];

    /// <summary>What a token says, whatever other schemes say of the same principal; null if no token has let it in.</summary>
    public static ClaimsIdentity? IdentityOf(ClaimsPrincipal principal) =>
        principal.Identities.FirstOrDefault(identity => identity.AuthenticationType == SingleUseTokenDefaults.AuthenticationScheme);

    private static IEnumerable<Claim> ClaimsOf(TokenRecord record)
    {
        yield return new Claim(ClaimTypes.NameIdentifier, record.Subject);
        if (record.Name is { } name)
        {
            yield return new Claim(ClaimTypes.Name, name);
        }

        if (record.SessionId is { } session)
        {
            yield return new Claim(SingleUseTokenDefaults.SessionClaimType, session);
        }

        if (record.ExpiresAt is { } expires)
        {
            yield return new Claim(
                SingleUseTokenDefaults.ExpiryClaimType, $"{expires.ToUnixTimeSeconds()}", ClaimValueTypes.Integer64);
        }

        // Most users have no epoch. A claim takes memory for as long as the connection is open.
        if (record.Epoch is > 0 and var epoch)
        {
            yield return new Claim(SingleUseTokenDefaults.EpochClaimType, $"{epoch}", ClaimValueTypes.Integer64);
        }

        // Only whose label is ended is asked when his token was minted.
        if (record is { Labels.Count: > 0, IssuedAt: { } issued })
        {
            yield return new Claim(
                SingleUseTokenDefaults.IssuedClaimType, $"{issued.ToUnixTimeMilliseconds()}", ClaimValueTypes.Integer64);
        }

        foreach (var label in record.Labels ?? [])
        {
            yield return new Claim(SingleUseTokenDefaults.LabelClaimType, label);
        }

        foreach (var pattern in record.MayJoin ?? [])
        {
            yield return new Claim(SingleUseTokenDefaults.MayJoinClaimType, pattern);
        }

        foreach (var role in record.Roles ?? [])
        {
            yield return new Claim(ClaimTypes.Role, role);
        }

        foreach (var group in record.Groups ?? [])
        {
            yield return new Claim(SingleUseTokenDefaults.GroupClaimType, group);
        }

        foreach (var (type, values) in record.Claims ?? Enumerable.Empty<KeyValuePair<string, IReadOnlyList<string>>>())
        {
            foreach (var value in values)
            {
                yield return new Claim(type, value);
            }
        }
    }
}
