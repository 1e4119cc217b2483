using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Documentation;

/// <summary>Runs what a page shows for a shell, as its reader would, against a node of the tests.</summary>
internal sealed class Shell : IDisposable
{
    private const string AddressInPages = "http://localhost:5080";

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("realtimehub-shell-");
    private readonly Node _node;

    public Shell(Node node)
    {
        _node = node;

        // curl tells the status beside what it prints, and shows no progress.
        File.WriteAllText(Path.Combine(_home.FullName, ".curlrc"), "silent\nwrite-out = \"%{stderr}%{http_code}\\n\"\n");
    }

    /// <summary>What the script prints, and the status of each of its requests.</summary>
    public async Task<(string Output, int[] Statuses)> RunAsync(string script)
    {
        var here = script.Replace(AddressInPages, _node.Address.ToString().TrimEnd('/'), StringComparison.Ordinal);
        var run = await CommandRun.OfProgramAsync("bash", ["-c", here], new() { ["KEY"] = Node.ApiKey, ["CURL_HOME"] = _home.FullName });
        return (run.Output, [.. run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)]);
    }

    public void Dispose() => _home.Delete(recursive: true);
}
