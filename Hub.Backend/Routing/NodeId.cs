namespace RealtimeHub.Routing;

/// <summary>What a running node calls itself: random, so that a node that comes back is another one.</summary>
internal sealed record NodeId(string Value)
{
    public static NodeId Create() => new(Guid.CreateVersion7().ToString("N"));

    public override string ToString() => Value;
}
