namespace RealtimeHub.Authentication;

/// <summary>Marks the endpoints that a single-use token opens. A token is spent nowhere else.</summary>
/// <remarks>Each mapping has an instance of its own, so that a connection negotiated at one cannot be used at another.</remarks>
internal sealed class SingleUseTokenMetadata;
