namespace RealtimeHub.Authentication;

/// <summary>Marks the endpoints that a single-use token opens: those of one mapped hub, or others. Nowhere else is a token spent.</summary>
/// <remarks>Each mapping has a mark of its own, by which what was made there is known from what was made elsewhere.</remarks>
internal sealed class SingleUseTokenMetadata;
