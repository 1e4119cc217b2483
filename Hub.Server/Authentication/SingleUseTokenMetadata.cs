namespace RealtimeHub.Authentication;

/// <summary>Marks an endpoint that a single-use token opens. Nowhere else is a token spent.</summary>
internal sealed class SingleUseTokenMetadata
{
    public static readonly SingleUseTokenMetadata Instance = new();
}
