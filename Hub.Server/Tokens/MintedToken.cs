using System.Text.Json.Serialization;

namespace RealtimeHub.Tokens;

/// <summary>What a mint endpoint answers.</summary>
/// <param name="Token">The secret, for the client that will connect with it.</param>
/// <param name="ExpiresIn">Seconds until it dies unspent.</param>
internal sealed record MintedToken(
    [property: JsonPropertyName("token")] string Token,
    [property: JsonPropertyName("expiresIn")] int ExpiresIn)
{
    public static MintedToken From(AccessToken token, TokenOptions options) => new(token.Reveal(), (int)options.Lifetime.TotalSeconds);

    // A record prints its members; this one must not.
    public override string ToString() => $"{nameof(MintedToken)} that expires in {ExpiresIn} s";
}
