using System.Reflection;
using RealtimeHub.Authentication;
using RealtimeHub.Delivery;
using RealtimeHub.Nodes;
using RealtimeHub.Routing;

namespace RealtimeHub.Presence;

/// <summary>What the nodes say of themselves.</summary>
internal sealed class NodeOverview(
    IConnectionDirectory directory, NodeRequests requests, ConnectionRegistry registry, DrainState drain, NodeWays ways, NodeId self,
    TimeProvider time)
{
    private static readonly string Version = typeof(NodeOverview).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private readonly DateTimeOffset _since = time.GetUtcNow();

    /// <summary>All that live, the oldest first.</summary>
    public async Task<IReadOnlyList<NodeStatus>> ListAsync()
    {
        var nodes = (await directory.NodesAsync()).OrderBy(node => node.Value, StringComparer.Ordinal);
        return await Task.WhenAll(nodes.Select(AskAsync));
    }

    /// <summary>Tells another node about this one.</summary>
    public Task HandleAsync(DescribeNode asked) => requests.TellAsync(asked, () => Here, PresenceJson.Default.NodeStatus);

    private NodeStatus Here => new()
    {
        Id = self.Value,
        Answers = true,
        Draining = drain.IsDraining,
        Machine = Environment.MachineName,
        Version = Version,
        Since = _since,
        Connections = registry.Count,
        Latencies = ways.Latencies,
    };

    private async Task<NodeStatus> AskAsync(NodeId node)
    {
        var silent = new NodeStatus { Id = node.Value, Answers = false };
        try
        {
            return await requests.AskAsync(node, new DescribeNode(), PresenceJson.Default.NodeStatus) ?? silent;
        }
        catch (Exception fault) when (NodeRequests.IsSilence(fault))
        {
            return silent;
        }
    }
}
