using System.Net;
using System.Text.Json;

namespace RealtimeHub.CommandLine;

/// <summary>What a command asked a hub for could not be had.</summary>
internal sealed class HubApiException(Outcome outcome) : Exception(outcome.Text)
{
    /// <summary>How the command ends.</summary>
    public Outcome Outcome => outcome;

    /// <param name="problem">The hub's answer: problem details with a code.</param>
    public static HubApiException Refused(JsonElement problem)
    {
        var code = TextIn(problem, "code") ?? "refused";
        var detail = code == "key_refused"
            ? "The hub refuses the key. Set HUB_KEY in the environment to one of the keys of its Api:Keys."
            : TextIn(problem, "detail") ?? "The hub refused, and did not say why.";
        return new HubApiException(Outcome.Failed(ExitCodeOf(code), code, detail));
    }

    public static HubApiException Silent(Uri hub, string reason) =>
        Away($"{hub} does not answer: {reason.TrimEnd('.')}. See whether the hub runs, and whether this is its address (--url).");

    public static HubApiException NoHub(Uri hub, HttpStatusCode status) =>
        Away($"What answers at {hub}, with {(int)status}, is no hub. See whether this is its address (--url).");

    private static HubApiException Away(string detail) => new(Outcome.Failed(ExitCode.HubAway, "hub_unavailable", detail));

    private static int ExitCodeOf(string code) => code switch
    {
        "store_unavailable" => ExitCode.RedisAway,
        "node_unavailable" => ExitCode.NodeSilent,
        _ => ExitCode.Refused,
    };

    private static string? TextIn(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
