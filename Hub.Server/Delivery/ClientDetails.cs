using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using RealtimeHub.Authentication;
using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

/// <summary>Finds out what the directory is to know of a connection: from its token, and from what the client says of itself.</summary>
internal static class ClientDetails
{
    public static ConnectionDetails Of(HubConnectionContext context, DateTimeOffset since)
    {
        var connection = new ConnectionDetails
        {
            Since = since,
            Transport = context.Features.Get<IHttpTransportFeature>()?.TransportType.ToString() ?? "",
            Client = context.GetHttpContext()?.Request is { } request ? ClientName.In(request) : null,
        };
        return Of(connection, context.User);
    }

    /// <summary>What is known of a connection, with what a token says of it.</summary>
    public static ConnectionDetails Of(ConnectionDetails connection, ClaimsPrincipal user)
    {
        var token = TokenTicket.IdentityOf(user);
        return connection with
        {
            Session = token?.FindFirst(SingleUseTokenDefaults.SessionClaimType)?.Value,
            Epoch = NumberIn(token, SingleUseTokenDefaults.EpochClaimType) ?? 0,
            Expires = NumberIn(token, SingleUseTokenDefaults.ExpiryClaimType) is { } end ? DateTimeOffset.FromUnixTimeSeconds(end) : null,
            Labels = [.. token?.FindAll(SingleUseTokenDefaults.LabelClaimType).Select(label => label.Value) ?? []],
        };
    }

    /// <summary>When a token was minted; null if it does not say, or has no labels.</summary>
    public static DateTimeOffset? MintedAt(ClaimsPrincipal user) =>
        NumberIn(TokenTicket.IdentityOf(user), SingleUseTokenDefaults.IssuedClaimType) is { } milliseconds
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;

    private static long? NumberIn(ClaimsIdentity? token, string type) =>
        long.TryParse(token?.FindFirst(type)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
