namespace RealtimeHub.Routing;

/// <summary>The id of a running node: random, so that a restarted node is a new one.</summary>
internal sealed record NodeId(string Value)
{
    public static NodeId Create() => new(Guid.CreateVersion7().ToString("N"));

    public override string ToString() => Value;
}
