using System.CommandLine;
using System.Text.Json;
using RealtimeHub.Ingress.Http;

namespace RealtimeHub.CommandLine;

/// <summary>Says whether a hub works: whether the node is ready that is asked, and what all of them have.</summary>
internal sealed class StatusCommand() : ApiCommand(
    "status", "Says whether a hub works: what the node that answers depends on, how many nodes live, and how many connections they have.",
    """{"status","checks":{"…":{"status","description"}},"nodes","silent","connections"}""", [
        "Hub.Server status",
        "Hub.Server status --url https://push.example --json",
    ])
{
    private const string Healthy = "Healthy";

    /// <returns>1 if the node takes no clients.</returns>
    protected override async Task<Outcome> AskAsync(ParseResult parsed, HubApi hub)
    {
        var health = await hub.HealthAsync();
        var nodes = (await hub.GetAsync("nodes", ApiJson.Default.NodesAnswer)).Nodes;
        var (status, checks) = (health.GetProperty("status").GetString()!, health.GetProperty("checks"));
        var (silent, connections) = (nodes.Count(node => !node.Answers), nodes.Sum(node => (long)(node.Connections ?? 0)));
        string[] lines =
        [
            $"status\t{status}", .. checks.EnumerateObject().Select(Line), $"nodes\t{nodes.Count}", $"silent\t{silent}", $"connections\t{connections}",
        ];
        return new Outcome(
            status == "Unhealthy" ? CommandLine.ExitCode.Refused : CommandLine.ExitCode.Done, string.Join('\n', lines),
            new { status, checks, nodes = nodes.Count, silent, connections })
        {
            IsResult = true,
        };
    }

    private static string Line(JsonProperty check)
    {
        var status = check.Value.GetProperty("status").GetString();
        return status == Healthy ? $"{check.Name}\t{status}" : $"{check.Name}\t{status}\t{check.Value.GetProperty("description")}";
    }
}
