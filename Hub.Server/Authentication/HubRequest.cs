using System.Net;
using RealtimeHub.Authentication.Binding;
using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>
/// A request to a hub, or to another endpoint behind the token. <see cref="HubRequestReader"/> reads it once; later steps never look at the
/// HTTP request again.
/// </summary>
internal sealed record HubRequest
{
    public required HubRequestKind Kind { get; init; }

    public required HubPlace Hub { get; init; }

    /// <summary>When it was read, as <see cref="System.Diagnostics.Stopwatch"/> counts.</summary>
    public long Since { get; init; }

    /// <summary>The name by which the hub was called.</summary>
    public required HostString Host { get; init; }

    /// <summary>What it is limited by: its IP address, behind a proxy as far as the host believes that. Null if it is not.</summary>
    public IPNetwork? Client { get; init; }

    /// <summary>The origin of the page that sends the request, or null if no browser sends it.</summary>
    public string? Origin { get; init; }

    /// <summary>The connection token of the negotiated connection that the request names, or null.</summary>
    public string? ConnectionToken { get; init; }

    /// <summary>The credential, or null if there is none, or if it is none by its looks.</summary>
    public Credential? Credential { get; init; }

    /// <summary>Whether the request shows a credential at all, valid or not.</summary>
    public bool ShowsCredential { get; init; }

    /// <summary>
    /// The token in the address, if the client also shows a grant: some clients keep the address with which they began, token included.
    /// It must belong to the same negotiation as the grant, or the request is refused.
    /// </summary>
    public AccessToken? TokenInAddress { get; init; }

    /// <summary>Whether the client asks for a secret to come back with.</summary>
    public bool AsksForSecret { get; init; }

    /// <summary>Whether the client asks to be told, with each message, where its publisher stands in a trace.</summary>
    public bool AsksForTraces { get; init; }

    /// <summary>Whether the hub is one to which a client comes back by such a secret.</summary>
    public bool TakesSecrets { get; init; }

    /// <summary>What the client calls itself, if it shows such a secret.</summary>
    public string? ClientName { get; init; }

    // A record prints its members; the connection token is a secret.
    public override string ToString() => $"{Kind} at {Hub.Path}";
}
