using RealtimeHub.Authentication.Binding;
using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>
/// What a client shows to be let in: an access token, the grant that a negotiate answered with, or the secret with which a connection comes
/// back.
/// </summary>
/// <param name="Token">The access token, if it is one.</param>
/// <param name="Grant">The grant, if it is one.</param>
/// <param name="Secret">The reconnect secret, if it is one.</param>
internal readonly record struct Credential(AccessToken? Token, Grant? Grant, ReconnectSecret? Secret = null)
{
    /// <summary>Reads the text as one of them; null if it is none.</summary>
    public static Credential? Parse(string text, bool acceptSeedFormat) =>
        AccessToken.TryParse(text, out var token) ? new Credential(token, null)
        : acceptSeedFormat && AccessToken.TryParseSeedFormat(text, out token) ? new Credential(token, null)
        : Binding.Grant.TryParse(text, out var grant) ? new Credential(null, grant)
        : ReconnectSecret.TryParse(text, out var secret) ? new Credential(null, null, secret)
        : null;

    /// <summary>Whether the text begins like a credential, in upper or lower case, even if it is not one.</summary>
    public static bool IsLike(string text) =>
        text.StartsWith(AccessToken.Prefix, StringComparison.OrdinalIgnoreCase)
            || text.StartsWith(Binding.Grant.Prefix, StringComparison.OrdinalIgnoreCase)
            || text.StartsWith(ReconnectSecret.Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>The lower-case hex SHA-256 of what is shown.</summary>
    public string Hash => Token?.Hash ?? Grant?.Hash ?? Secret!.Value.Hash;

    /// <summary>Eight hex digits for the log.</summary>
    public string Fingerprint => Hash[..8];
}
