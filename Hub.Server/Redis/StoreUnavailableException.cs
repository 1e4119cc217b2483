namespace RealtimeHub.Redis;

/// <summary>Redis does not answer: nothing can be minted, published or resumed, and nobody can be let in, until it does.</summary>
/// <remarks>A command that was under way when the connection broke may have been carried out.</remarks>
public sealed class StoreUnavailableException(Exception cause) : Exception("Redis does not answer.", cause);
