using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>The server as systemd runs it: its parent has that name, and there is a socket for what it has to say.</summary>
/// <remarks>The parent is a shell, since a process is called like the file that was started, and a link has a name of its own.</remarks>
internal sealed class SystemdService : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hub-systemd-");
    private readonly Socket _notify = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly Process _parent;
    private Process? _hub;

    private SystemdService(string parent, (string Name, string Value)[] environment, string[] command)
    {
        var socket = Path.Combine(_directory.FullName, "notify");
        _notify.Bind(new UnixDomainSocketEndPoint(socket));
        var shell = Path.Combine(_directory.FullName, parent);
        File.CreateSymbolicLink(shell, "/bin/bash");
        _parent = new Process
        {
            StartInfo = new ProcessStartInfo(shell, ["-c", "\"$@\" & echo $!; wait $!", shell, .. command, "--environment", "Production"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = Path.GetTempPath(),
            },
        };
        foreach (var (name, value) in ((string, string)[])
            [("Warmup__Enabled", "false"), ("Canary__Enabled", "false"), .. environment, ("NOTIFY_SOCKET", socket)])
        {
            _parent.StartInfo.Environment[name] = value;
        }
    }

    /// <summary>What it writes. Whoever does not read it lets it fill up.</summary>
    public StreamReader Output => _parent.StandardOutput;

    private static string Server => typeof(Program).Assembly.Location;

    public static Task<SystemdService> StartAsync(params string[] arguments) => StartAsync("systemd", [], arguments);

    public static Task<SystemdService> StartAsync(string parent, (string Name, string Value)[] environment, params string[] arguments) =>
        RunAsync(parent, environment, ["dotnet", Server, .. arguments]);

    /// <summary>Starts the program that the unit starts, with no more system calls than the unit allows.</summary>
    public static Task<SystemdService> StartSandboxedAsync(params string[] arguments) => RunAsync("systemd", [],
        ["/usr/bin/python3", Path.Combine(Conventions.Source.Root, "Hub.Tests", "Deploy", "sandbox.py"), DeployedFile.PathOf("realtimehub.service"),
            Path.ChangeExtension(Server, null), .. arguments]);

    private static async Task<SystemdService> RunAsync(string parent, (string Name, string Value)[] environment, string[] command)
    {
        var service = new SystemdService(parent, environment, command);
        service._parent.Start();
        service._hub = Process.GetProcessById(
            int.Parse((await service.Output.ReadLineAsync())!, System.Globalization.CultureInfo.InvariantCulture));
        return service;
    }

    /// <summary>The next thing that it says.</summary>
    public async Task<string> HeardAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        return await ReceiveAsync(deadline.Token);
    }

    /// <summary>Waits until it is ready. That it lives it may have said before.</summary>
    public async Task ReadyAsync()
    {
        while (await HeardAsync() != "READY=1")
        {
        }
    }

    /// <summary>All that it has said and nobody has heard yet. Ask when it is gone.</summary>
    public async Task<IReadOnlyList<string>> LeftToHearAsync()
    {
        var left = new List<string>();
        while (_notify.Available > 0)
        {
            left.Add(await HeardAsync());
        }

        return left;
    }

    /// <summary>Waits as systemd does, until nothing has been heard for so long.</summary>
    public async Task SilentForAsync(TimeSpan time)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
            silence.CancelAfter(time);
            try
            {
                await ReceiveAsync(silence.Token);
            }
            catch (OperationCanceledException) when (!deadline.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Asks it to end, as <c>systemctl stop</c> does.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_hub!.Id}"]);
        await kill.WaitForExitAsync();
    }

    public async Task<int> ExitCodeAsync()
    {
        await _parent.WaitForExitAsync().WaitAsync(Deadline);
        return _parent.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_parent.HasExited)
        {
            _hub!.Kill();
            await ExitCodeAsync();
        }

        _hub!.Dispose();
        _parent.Dispose();
        _notify.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task<string> ReceiveAsync(CancellationToken cancellation)
    {
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, await _notify.ReceiveAsync(buffer, cancellation));
    }
}
