using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>The server as an operator runs it: a process of its own, of which only the output is seen.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<string> _announced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TaskCompletionSource<long> _inUse = new();

    private ServerProcess(string[] launch)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(launch[0], launch[1..])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = Path.GetTempPath(),
                Environment = { ["Warmup__Enabled"] = "false", ["Canary__Enabled"] = "false" },
            },
        };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Exited += (_, _) => _announced.TrySetException(new InvalidOperationException(Output));
        _process.EnableRaisingEvents = true;
    }

    public static Dictionary<string, string> CollectsWhenAsked => new() { ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location };

    /// <summary>Everything that it has written so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>The line that tells the mode and the address.</summary>
    public Task<string> Announcement => _announced.Task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Where it listens, once it does.</summary>
    public async Task<Uri> AddressAsync() => new(Address().Match(await Announcement).Value);

    public static ServerProcess Start(string environment, params string[] arguments) =>
        Run(["--urls", "http://127.0.0.1:0", "--environment", environment, .. arguments]);

    /// <summary>Starts it as a process that may have so many files open.</summary>
    public static ServerProcess StartWithFiles(int files, string environment) => Launch(
        [], ["prlimit", $"--nofile={files}", .. CommandLine(["--urls", "http://127.0.0.1:0", "--environment", environment])]);

    /// <summary>Starts it with this command line and no other word.</summary>
    public static ServerProcess Run(params string[] arguments) => RunIn([], arguments);

    /// <summary>The same with more in its environment than the tests have in theirs.</summary>
    public static ServerProcess RunIn(Dictionary<string, string> environment, params string[] arguments) =>
        Launch(environment, CommandLine(arguments));

    /// <summary>
    /// Has it collect its garbage, and returns how many bytes what is left takes. It must have been started with
    /// <see cref="CollectsWhenAsked"/> in its environment.
    /// </summary>
    public async Task<long> BytesInUseAsync()
    {
        _inUse = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        await SignalAsync("USR2");
        return await _inUse.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Asks it to stop, as a supervisor does.</summary>
    public Task TerminateAsync() => SignalAsync("TERM");

    /// <summary>Stands still until <see cref="ResumeAsync"/>: what comes meanwhile, the kernel keeps for it.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    public Task ResumeAsync() => SignalAsync("CONT");

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static string[] CommandLine(string[] arguments) => ["dotnet", typeof(Program).Assembly.Location, .. arguments];

    private static ServerProcess Launch(Dictionary<string, string> environment, string[] launch)
    {
        var server = new ServerProcess(launch);
        foreach (var (name, value) in environment)
        {
            server._process.StartInfo.Environment[name] = value;
        }

        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    private async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    private void Take(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line?.IndexOf("RealtimeHub runs", StringComparison.Ordinal) is { } start and >= 0)
        {
            _announced.TrySetResult(line[start..].Trim());
        }
        else if (InUse().Match(line ?? "") is { Success: true } said)
        {
            _inUse.TrySetResult(long.Parse(said.Groups["bytes"].Value, CultureInfo.InvariantCulture));
        }
    }

    // What Hub.Bench/StartupHook.cs says.
    [GeneratedRegex("^garbage collected: (?<bytes>[0-9]+) bytes in use$")]
    private static partial Regex InUse();

    [GeneratedRegex(@"http://[\w.:\[\]]+:\d+")]
    private static partial Regex Address();
}
