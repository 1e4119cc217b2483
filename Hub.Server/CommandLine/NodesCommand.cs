using System.CommandLine;
using RealtimeHub.Ingress.Http;
using RealtimeHub.Presence;

namespace RealtimeHub.CommandLine;

/// <summary>Lists the nodes of a hub that live.</summary>
internal sealed class NodesCommand() : ApiCommand(
    "nodes", "Lists the nodes that live: id, machine, version, since, connections, state.",
    """{"nodes":[{"id","answers","draining","machine","version","since","connections","latencies"}]}""", [
        "Hub.Server nodes",
        "Hub.Server nodes --url https://push.example --json",
    ])
{
    protected override async Task<Outcome> AskAsync(ParseResult parsed, HubApi hub)
    {
        var answer = await hub.GetAsync("nodes", ApiJson.Default.NodesAnswer);
        return Outcome.Done(string.Join('\n', answer.Nodes.Select(Line)), answer);
    }

    private static string Line(NodeStatus node) => string.Join('\t',
        node.Id, node.Machine ?? "-", node.Version ?? "-", ShownConnections.Text(node.Since), $"{node.Connections ?? 0}",
        !node.Answers ? "silent" : node.Draining == true ? "draining" : "open");
}
