using Microsoft.AspNetCore.Authentication;

namespace RealtimeHub.Authentication;

/// <summary>Options of the scheme.</summary>
public sealed class SingleUseTokenOptions : AuthenticationSchemeOptions
{
    /// <summary>
    /// The query parameter in which a browser shows its token, since it cannot set a header. Default <c>access_token</c>.
    /// </summary>
    public string QueryParameter { get; set; } = "access_token";

    /// <summary>The value of <see cref="Tokens.TokenOptions.AcceptSeedFormat"/>.</summary>
    internal bool AcceptSeedFormat { get; set; }
}
