using RealtimeHub.Bench.Systems;

namespace RealtimeHub.Tests.Bench;

/// <summary>The systems that are measured, each started as the bench does it when the first test asks for it.</summary>
public sealed class Peers : IAsyncLifetime
{
    private readonly Dictionary<string, Cluster> _clusters = [];

    internal async Task<Cluster> OfAsync(string name)
    {
        if (!_clusters.TryGetValue(name, out var cluster))
        {
            var system = Lineup.All.Single(one => one.Name == name);
            system.Missing.Should().BeNull("no system may go untested");
            cluster = _clusters[name] = await Cluster.StartAsync(system);
        }

        return cluster;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        foreach (var cluster in _clusters.Values)
        {
            cluster.Dispose();
        }

        return Task.CompletedTask;
    }
}
