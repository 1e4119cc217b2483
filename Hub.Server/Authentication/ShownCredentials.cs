using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>What a request shows to be let in.</summary>
/// <param name="Any">Whether it shows anything.</param>
/// <param name="Credential">What counts, or null if it is neither a token nor a grant.</param>
/// <param name="TokenInAddress">The token that a client's address holds beside the grant that it was given.</param>
internal readonly record struct ShownCredentials(bool Any, Credential? Credential = null, AccessToken? TokenInAddress = null);
