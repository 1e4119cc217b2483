using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>Names that the scheme gives to things.</summary>
public static class SingleUseTokenDefaults
{
    /// <summary>The authentication scheme: <c>SingleUseToken</c>.</summary>
    public const string AuthenticationScheme = "SingleUseToken";

    /// <summary>The claim type of each group that the token's record names: <c>hub:group</c>.</summary>
    public const string GroupClaimType = ReservedClaims.Group;

    /// <summary>The claim type of the web session that the token was minted in: <c>sid</c>.</summary>
    public const string SessionClaimType = ReservedClaims.Session;

    /// <summary>
    /// The WebSocket subprotocol after which a client may offer its token as a second one, so that no URL, log or console shows it:
    /// <c>Sec-WebSocket-Protocol: realtimehub, wstoken…</c>. A hub that is offered it must select it.
    /// </summary>
    public const string Subprotocol = "realtimehub";
}
