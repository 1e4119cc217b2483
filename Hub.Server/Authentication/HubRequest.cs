using RealtimeHub.Authentication.Binding;
using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>
/// A request to a hub, or to another endpoint behind the token, read once, by <see cref="HubRequestReader"/>. Nobody behind it looks at the
/// HTTP request again.
/// </summary>
internal sealed record HubRequest
{
    public required HubRequestKind Kind { get; init; }

    public required HubPlace Hub { get; init; }

    /// <summary>The name by which the hub was called.</summary>
    public required HostString Host { get; init; }

    /// <summary>The page that a browser sends the request for, or null if it is no browser.</summary>
    public string? Origin { get; init; }

    /// <summary>Which negotiated connection the request belongs to, as the client was told its name, or null.</summary>
    public string? ConnectionToken { get; init; }

    /// <summary>What was shown to be let in, or null if it is missing or neither a token nor a grant.</summary>
    public Credential? Credential { get; init; }

    /// <summary>Whether anything was shown at all.</summary>
    public bool ShowsCredential { get; init; }

    /// <summary>
    /// The token in the address of a client that has shown a grant as well: its address holds the token with which it began, as that of a
    /// page of the seed does. It belongs to the grant, or the request is refused.
    /// </summary>
    public AccessToken? TokenInAddress { get; init; }

    // A record prints its members; the connection token is a secret.
    public override string ToString() => $"{Kind} at {Hub.Path}";
}
