namespace RealtimeHub.Tests.Routing;

/// <summary>One of the two modes in which a suite runs, with a time that the suite moves.</summary>
public abstract class RoutingMode
{
    /// <summary>Starts from nothing.</summary>
    internal abstract Task<RouterNode> OpenNodeAsync(params (string Key, string Value)[] settings);

    internal abstract Task AdvanceAsync(TimeSpan time);
}
