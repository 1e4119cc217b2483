using System.Diagnostics;
using System.Text.Json;
using RealtimeHub.Tests.Conventions;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.EndToEnd;

/// <summary>
/// Clients of JavaScript, one in Node and two in pages of Chromium, of which one gets no WebSocket, run by
/// <c>Hub.Client.Js/tests/torture/witnesses.mjs</c>, which writes a line of JSON for everything that they handle, do, or are told is lost.
/// </summary>
internal sealed class ScriptWitnesses : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Dictionary<string, Witness> _witnesses;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _reloaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ScriptWitnesses(Process process, string user, string[] groups)
    {
        string[] addresses = [$"user:{user}", .. groups.Select(group => $"group:{group}"), "everyone"];
        _process = process;
        _witnesses = new[] { "node", "page", "page without WebSockets" }.ToDictionary(kind => kind, kind => new Witness($"{kind} {user}", addresses));
    }

    public List<Witness> Witnesses => [.. _witnesses.Values];

    /// <summary>Starts them, and returns when they are connected.</summary>
    public static async Task<ScriptWitnesses> StartAsync(int port, string user, string[] groups)
    {
        var script = Path.Combine(Source.Root, "Hub.Client.Js", "tests", "torture", "witnesses.mjs");
        var process = Process.Start(new ProcessStartInfo("node", [script, $"http://127.0.0.1:{port}", Node.ApiKey, user, .. groups])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var witnesses = new ScriptWitnesses(process, user, groups);
        _ = witnesses.ListenAsync();
        await witnesses._ready.Task.WaitAsync(TimeSpan.FromSeconds(120));
        return witnesses;
    }

    /// <summary>Reloads the pages, and returns when they are connected again.</summary>
    public async Task ReloadAsync()
    {
        _reloaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _process.StandardInput.WriteLineAsync("reload");
        await _process.StandardInput.FlushAsync();
        await _reloaded.Task.WaitAsync(TimeSpan.FromSeconds(120));
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ListenAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            Take(JsonSerializer.Deserialize<JsonElement>(line));
        }

        _ready.TrySetException(new InvalidOperationException("The script of the witnesses has ended."));
    }

    private void Take(JsonElement line)
    {
        switch (line.GetProperty("event").GetString())
        {
            case "ready": _ready.TrySetResult(); break;
            case "reloaded": _reloaded.TrySetResult(); break;
            case "did": By(line).Do(line.GetProperty("what").GetString()!); break;
            case "lost": By(line).Lose(line.GetProperty("address").GetString()!); break;
            default:
                By(line)
                .Handle(line.GetProperty("address").GetString()!, line.GetProperty("id").GetString()!, line.GetProperty("number").GetInt32()); break;
        }
    }

    private Witness By(JsonElement line) => _witnesses[line.GetProperty("client").GetString()!];
}
