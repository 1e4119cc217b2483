namespace RealtimeHub.Operations;

/// <summary>The name of the hub's meter.</summary>
internal static class HubMeter
{
    public const string Name = "RealtimeHub";
}
