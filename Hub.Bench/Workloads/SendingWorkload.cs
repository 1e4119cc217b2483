using RealtimeHub.Bench.Load;
using RealtimeHub.Bench.Systems;

namespace RealtimeHub.Bench.Workloads;

/// <summary>A workload in which messages are sent to users, from the node that they are on or from another.</summary>
/// <param name="name">What it is called in tables.</param>
internal abstract class SendingWorkload(string name) : Workload(name)
{
    /// <summary>Whether all users are on the first node, and what is sent to them is published on the last.</summary>
    public bool IsRemote { get; init; }

    protected Task ConnectAsync(Swarm swarm, Cluster cluster, int atOnce) =>
        IsRemote ? swarm.ConnectToAsync(cluster.Nodes[0], cluster, atOnce) : swarm.ConnectAsync(cluster, atOnce);

    /// <summary>Where is published.</summary>
    protected IReadOnlyList<int> PublishingPorts(Cluster cluster) => IsRemote ? [cluster.Ports[^1]] : cluster.Ports;
}
