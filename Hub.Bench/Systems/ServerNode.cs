using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using RealtimeHub.Bench.Load;

namespace RealtimeHub.Bench.Systems;

/// <summary>A server process, and what it costs the machine.</summary>
internal sealed class ServerNode : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestUntilQuiet = TimeSpan.FromSeconds(3);

    // What every server that is measured says when it has, after SIGUSR2.
    private const string Collected = "garbage collected";

    // What a .NET server says after SIGUSR1.
    private const string Compiled = "methods compiled: ";

    private readonly Process _process;
    private readonly List<string> _said = [];
    private TaskCompletionSource _collected = new();
    private TaskCompletionSource<long> _compiled = new();

    private ServerNode(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public bool IsAlive => !_process.HasExited;

    /// <summary>How long it took from its start until it said that it was ready.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    /// <summary>CPU time that it had used by then, in microseconds.</summary>
    public double CpuUntilReady { get; private set; }

    /// <summary>CPU time used so far, in microseconds.</summary>
    public double Cpu => Clock.CpuMicroseconds(_process.Id);

    /// <summary>Memory that is its own and in RAM, in bytes: RssAnon of proc(5), without the files that it has mapped.</summary>
    public long Memory => long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("RssAnon:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) * 1024;

    /// <summary>Starts a server, and waits until it says that it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended, or is not ready after a minute. The message has what it wrote.</exception>
    /// <param name="name">What it is called if it does not start.</param>
    /// <param name="launch">How it is started on a port.</param>
    public static async Task<ServerNode> StartAsync(string name, Func<int, ProcessStartInfo> launch)
    {
        var port = Loopback.FreePort();
        var start = launch(port);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        var node = new ServerNode(new Process { StartInfo = start }, port);
        node._process.OutputDataReceived += node.Hear;
        node._process.ErrorDataReceived += node.Hear;
        var began = Clock.Now;
        node._process.Start();
        node._process.BeginOutputReadLine();
        node._process.BeginErrorReadLine();
        await node.ReadyAsync(name);
        (node.ReadyAfter, node.CpuUntilReady) = (TimeSpan.FromMicroseconds(Clock.MicrosecondsSince(began)), node.Cpu);
        return node;
    }

    /// <summary>Lets it collect its garbage, and waits until it has.</summary>
    /// <exception cref="TimeoutException">It has not in a minute.</exception>
    public async Task CollectGarbageAsync()
    {
        _collected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var kill = Process.Start("kill", ["-USR2", $"{_process.Id}"]);
        await _collected.Task.WaitAsync(Deadline, TimeProvider.System);
    }

    /// <summary>How many methods its runtime has compiled so far; only a .NET server is to be asked.</summary>
    /// <exception cref="TimeoutException">It has not said so in a minute.</exception>
    public async Task<long> CompiledMethodsAsync()
    {
        _compiled = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var kill = Process.Start("kill", ["-USR1", $"{_process.Id}"]);
        return await _compiled.Task.WaitAsync(Deadline, TimeProvider.System);
    }

    /// <summary>
    /// Waits until it does next to nothing, less than three hundredths of a core in a tenth of a second; or for three seconds, if what it
    /// does then is what it always does, such as to look after many idle clients.
    /// </summary>
    public async Task QuietAsync()
    {
        var before = Cpu;
        for (var start = Clock.Now; Clock.MicrosecondsSince(start) < LongestUntilQuiet.TotalMicroseconds; before = Cpu)
        {
            await Task.Delay(Look, TimeProvider.System);
            if (Cpu - before < Look.TotalMicroseconds * 0.03)
            {
                return;
            }
        }
    }

    /// <summary>Ends it as a crash would.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (IsAlive)
        {
            Kill();
        }

        _process.Dispose();
    }

    private async Task ReadyAsync(string name)
    {
        for (var start = Clock.Now; Clock.MicrosecondsSince(start) < Deadline.TotalMicroseconds && IsAlive;)
        {
            try
            {
                using var line = await HttpLine.OpenAsync(Port);
                if (await line.SendAsync(Requests.Ready()) == StatusCodes.Status200OK)
                {
                    return;
                }
            }
            catch (Exception notYet) when (notYet is SocketException or IOException)
            {
                // It does not listen yet.
            }

            await Task.Delay(BetweenLooks, TimeProvider.System);
        }

        Dispose();
        throw new InvalidOperationException($"{name} did not become ready. It wrote:\n{string.Join('\n', _said)}");
    }

    private void Hear(object sender, DataReceivedEventArgs line)
    {
        lock (_said)
        {
            if (line.Data?.StartsWith(Collected, StringComparison.Ordinal) == true)
            {
                _collected.TrySetResult();
            }
            else if (line.Data?.StartsWith(Compiled, StringComparison.Ordinal) == true)
            {
                _compiled.TrySetResult(long.Parse(line.Data.AsSpan(Compiled.Length), CultureInfo.InvariantCulture));
            }
            else if (line.Data is { Length: > 0 } text && _said.Count < 100)
            {
                _said.Add(text);
            }
        }
    }
}
