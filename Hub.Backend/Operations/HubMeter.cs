namespace RealtimeHub.Operations;

/// <summary>Where everything that the hub counts is found.</summary>
internal static class HubMeter
{
    public const string Name = "RealtimeHub";
}
