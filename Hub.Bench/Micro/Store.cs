namespace RealtimeHub.Bench.Micro;

/// <summary>Where a node keeps its tokens and logs.</summary>
public enum Store
{
    Memory,
    Redis,
}
