namespace RealtimeHub.Authentication;

/// <summary>Marks the endpoints of one mapped hub that a single-use token opens. Nowhere else is a token spent.</summary>
/// <remarks>Each hub has a mark of its own, by which what was made there is known from what was made elsewhere.</remarks>
internal sealed class SingleUseTokenMetadata;
