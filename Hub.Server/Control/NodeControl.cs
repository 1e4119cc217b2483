using RealtimeHub.Nodes;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Control;

/// <summary>Acts on whole nodes.</summary>
internal sealed class NodeControl(IConnectionDirectory directory, NodeRequests requests)
{
    /// <summary>Has a node take no new connections, and send those that it has to other nodes. It goes on running.</summary>
    /// <returns>Null if no such node lives.</returns>
    /// <exception cref="TimeoutException">It has not answered. It may be draining, or not.</exception>
    /// <exception cref="NotSupportedException">It is of a version that cannot.</exception>
    /// <exception cref="StoreUnavailableException">Redis does not answer.</exception>
    public async Task<DrainAnswer?> DrainAsync(string nodeId) =>
        (await directory.NodesAsync()).FirstOrDefault(node => node.Value == nodeId) is { } node
            ? await requests.AskAsync(node, new DrainNode(), NodeCommandJson.Default.DrainAnswer)
            : null;
}
