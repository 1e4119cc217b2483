using RealtimeHub.Authentication.Binding;
using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>What a client shows to be let in: an access token, or the grant that a negotiate answered with.</summary>
/// <param name="Token">The access token, unless it is a grant.</param>
/// <param name="Grant">The grant, unless it is an access token.</param>
internal readonly record struct Credential(AccessToken? Token, Grant? Grant)
{
    /// <summary>Reads the text as an access token or a grant; null if it is neither.</summary>
    public static Credential? Parse(string text, bool acceptSeedFormat) =>
        AccessToken.TryParse(text, out var token) ? new Credential(token, null)
        : acceptSeedFormat && AccessToken.TryParseSeedFormat(text, out token) ? new Credential(token, null)
        : Binding.Grant.TryParse(text, out var grant) ? new Credential(null, grant)
        : null;

    /// <summary>Whether the text begins like a credential, in upper or lower case, even if it is not one.</summary>
    public static bool IsLike(string text) =>
        text.StartsWith(AccessToken.Prefix, StringComparison.OrdinalIgnoreCase)
            || text.StartsWith(Binding.Grant.Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>The lower-case hex SHA-256 of the token or the grant.</summary>
    public string Hash => Token?.Hash ?? Grant!.Value.Hash;

    /// <summary>Eight hex digits for the log.</summary>
    public string Fingerprint => Hash[..8];
}
