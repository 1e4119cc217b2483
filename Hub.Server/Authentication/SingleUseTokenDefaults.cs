using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>The names that the scheme uses.</summary>
public static class SingleUseTokenDefaults
{
    /// <summary>The authentication scheme: <c>SingleUseToken</c>.</summary>
    public const string AuthenticationScheme = "SingleUseToken";

    /// <summary>The claim type of each group that the token's record names: <c>hub:group</c>.</summary>
    public const string GroupClaimType = ReservedClaims.Group;

    /// <summary>The claim type of the web session that the token was minted in: <c>sid</c>.</summary>
    public const string SessionClaimType = ReservedClaims.Session;

    /// <summary>
    /// The WebSocket subprotocol of clients that offer their token as a second subprotocol, so that no URL, log or console shows it:
    /// <c>Sec-WebSocket-Protocol: realtimehub, wstoken…</c>. The hub then selects <c>realtimehub</c>.
    /// </summary>
    public const string Subprotocol = "realtimehub";
}
