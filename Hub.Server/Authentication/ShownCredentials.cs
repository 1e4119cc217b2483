using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>The credentials that a request shows.</summary>
/// <param name="Any">Whether it shows any, valid or not.</param>
/// <param name="Credential">The one that counts, or null if it is neither a token nor a grant.</param>
/// <param name="TokenInAddress">The token in the address of a client that also shows its grant.</param>
internal readonly record struct ShownCredentials(bool Any, Credential? Credential = null, AccessToken? TokenInAddress = null);
