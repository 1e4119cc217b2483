using System.CommandLine;
using System.Text.Json;

namespace RealtimeHub.CommandLine;

/// <summary>Lists the nodes of a hub that live.</summary>
internal sealed class NodesCommand() : ApiCommand(
    "nodes", "Lists the nodes that live: id, machine, version, since, connections, state.",
    """{"nodes":[{"id","answers","draining","machine","version","since","connections"}]}""", [
        "Hub.Server nodes",
        "Hub.Server nodes --url https://push.example --json",
    ])
{
    protected override async Task<Outcome> AskAsync(ParseResult parsed, HubApi hub)
    {
        var answer = await hub.GetAsync("nodes");
        return Outcome.Done(string.Join('\n', answer.GetProperty("nodes").EnumerateArray().Select(Line)), answer);
    }

    private static string Line(JsonElement node) => string.Join('\t',
        node.TextOf("id"), node.TextOf("machine"), node.TextOf("version"), node.TextOf("since"), node.TextOf("connections"), StateOf(node));

    private static string StateOf(JsonElement node) =>
        !node.GetProperty("answers").GetBoolean() ? "silent" : node.GetProperty("draining").GetBoolean() ? "draining" : "open";
}
