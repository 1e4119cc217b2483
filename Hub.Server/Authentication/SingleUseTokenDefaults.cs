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

    /// <summary>The claim type of each label that the token's record names: <c>hub:label</c>.</summary>
    public const string LabelClaimType = ReservedClaims.Label;

    /// <summary>The claim type of each pattern of groups that the client may join by itself: <c>hub:may-join</c>.</summary>
    public const string MayJoinClaimType = ReservedClaims.MayJoin;

    /// <summary>
    /// The claim type of the time at which the connection ends, in seconds since 1970 (RFC 7519, section 4.1.4): <c>exp</c>. Only where the
    /// record says it.
    /// </summary>
    public const string ExpiryClaimType = ReservedClaims.Expiry;

    /// <summary>The claim type of the epoch in which the token was minted, if that is not 0.</summary>
    internal const string EpochClaimType = ReservedClaims.Epoch;

    /// <summary>The claim type of the time at which a token with labels was minted, in milliseconds since 1970.</summary>
    internal const string IssuedClaimType = ReservedClaims.Issued;

    /// <summary>
    /// The WebSocket subprotocol of clients that offer their token as a second subprotocol, so that no URL, log or console shows it:
    /// <c>Sec-WebSocket-Protocol: realtimehub, wstoken…</c>. The hub then selects <c>realtimehub</c>.
    /// </summary>
    public const string Subprotocol = "realtimehub";
}
