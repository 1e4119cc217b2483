using Microsoft.Extensions.Time.Testing;

namespace RealtimeHub.Tests.Routing;

/// <summary>Without Redis.</summary>
public sealed class InMemoryRouting : RoutingMode
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_790_000_000));

    internal override Task<RouterNode> OpenNodeAsync(params (string Key, string Value)[] settings) => RouterNode.OpenAsync(_time, settings);

    internal override Task AdvanceAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}
