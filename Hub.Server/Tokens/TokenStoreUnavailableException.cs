namespace RealtimeHub.Tokens;

/// <summary>The token store does not answer: nothing can be minted, and nobody can be let in, until it does.</summary>
public sealed class TokenStoreUnavailableException(Exception cause) : Exception("The token store does not answer.", cause);
