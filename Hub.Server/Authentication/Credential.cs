using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>What a client shows to be let in: an access token, or the grant that a negotiate answered with.</summary>
/// <param name="Token">The access token, unless it is a grant.</param>
/// <param name="Hash">Lower-case hex SHA-256 of whichever it is.</param>
internal readonly record struct Credential(AccessToken? Token, string Hash)
{
    /// <summary>Reads the text as one or the other, or gives null if it is neither.</summary>
    public static Credential? Parse(string? text, bool acceptSeedFormat) =>
        AccessToken.TryParse(text, out var token) ? new Credential(token, token.Hash)
        : acceptSeedFormat && AccessToken.TryParseSeedFormat(text, out token) ? new Credential(token, token.Hash)
        : Grant.TryParse(text, out var grant) ? new Credential(null, grant.Hash)
        : null;

    public bool IsGrant => Token is null;

    /// <summary>Eight hex digits for the log.</summary>
    public string Fingerprint => Hash[..8];
}
