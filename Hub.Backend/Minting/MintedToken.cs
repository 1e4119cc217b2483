using System.Text.Json.Serialization;

namespace RealtimeHub.Minting;

/// <summary>The answer of an endpoint that mints.</summary>
/// <param name="Token">The secret, for the client that will connect with it.</param>
/// <param name="ExpiresIn">Seconds until the token expires if it is not spent.</param>
/// <param name="Cursors">By address, the end of the user's log at that moment. A client that begins there misses nothing that is
/// published before it connects.</param>
internal sealed record MintedToken(
    [property: JsonPropertyName("token")] string Token,
    [property: JsonPropertyName("expiresIn")] int ExpiresIn,
    [property: JsonPropertyName("cursors")] IReadOnlyDictionary<string, string> Cursors)
{
    // A record prints its members; this one must not.
    public override string ToString() => $"{nameof(MintedToken)} that expires in {ExpiresIn} s";
}
