namespace RealtimeHub.Tests.Conventions;

/// <summary>One type names another.</summary>
internal readonly record struct Reference(Place From, Place To)
{
    public override string ToString() => $"{From} names {To}";
}
