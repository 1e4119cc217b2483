using System.Text.Json.Serialization;

namespace RealtimeHub.Minting;

/// <summary>What a mint endpoint answers.</summary>
/// <param name="Token">The secret, for the client that will connect with it.</param>
/// <param name="ExpiresIn">Seconds until it dies unspent.</param>
/// <param name="Cursors">By address, where the user's log stood: a client that begins there misses nothing of what comes before it
/// connects.</param>
internal sealed record MintedToken(
    [property: JsonPropertyName("token")] string Token,
    [property: JsonPropertyName("expiresIn")] int ExpiresIn,
    [property: JsonPropertyName("cursors")] IReadOnlyDictionary<string, string> Cursors)
{
    // A record prints its members; this one must not.
    public override string ToString() => $"{nameof(MintedToken)} that expires in {ExpiresIn} s";
}
