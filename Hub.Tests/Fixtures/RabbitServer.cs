using System.Diagnostics;
using RabbitMQ.Client;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>A rabbitmq-server of these tests' own, with its epmd, on free loopback ports, in a folder that goes with it.</summary>
/// <remarks>Debian's package, but not its wrapper, which runs it as another user and in /var.</remarks>
public sealed class RabbitServer : IAsyncLifetime
{
    private const string Programs = "/usr/lib/rabbitmq/bin";

    private static int _queues;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hub-rabbit-");
    private readonly int _nodesPort = LoopbackPort.Next();
    private readonly int _namesPort = LoopbackPort.Next();
    private Process? _nameServer;
    private Process? _server;

    public int Port { get; } = LoopbackPort.Next();

    public async Task InitializeAsync()
    {
        _nameServer = Process.Start("epmd", ["-address", "127.0.0.1", "-port", $"{_namesPort}"]);
        try
        {
            await StartAsync();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>What a node needs to consume from a queue.</summary>
    public (string Key, string Value)[] Settings(string queue, string user = "guest:guest", string vhost = "") =>
        [("RabbitMq:Uri", $"amqp://{user}@127.0.0.1:{Port}{vhost}"), ("RabbitMq:Exchange", queue), ("RabbitMq:Queue", queue)];

    /// <summary>A name for an exchange and a queue that no other test has.</summary>
    public static string NewName() => $"test.{Interlocked.Increment(ref _queues)}";

    public Task<IConnection> ConnectAsync() => new ConnectionFactory { Port = Port, HostName = "127.0.0.1" }.CreateConnectionAsync();

    /// <summary>Starts it, or starts it again with what it had, if it does not run.</summary>
    public async Task StartAsync()
    {
        if (_server is not null)
        {
            return;
        }

        _server = Process.Start(Start($"{Programs}/rabbitmq-server"))!;
        while (await _server.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("completed with", StringComparison.Ordinal))
            {
                _ = _server.StandardOutput.ReadToEndAsync();
                return;
            }
        }

        throw new InvalidOperationException("rabbitmq-server ended before it was ready.");
    }

    /// <summary>Stops it as an operator does.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", await File.ReadAllTextAsync(PidFile));
        await _server!.WaitForExitAsync();
        _server.Dispose();
        _server = null;
    }

    /// <summary>Says something to it with rabbitmqctl.</summary>
    public async Task<string> ControlAsync(params string[] arguments)
    {
        using var control = Process.Start(Start($"{Programs}/rabbitmqctl", ["--quiet", .. arguments]))!;
        var output = await control.StandardOutput.ReadToEndAsync();
        await control.WaitForExitAsync();
        control.ExitCode.Should().Be(0, output);
        return output;
    }

    public async Task DisposeAsync()
    {
        foreach (var process in (Process?[])[_server, _nameServer])
        {
            if (process is not null)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
                process.Dispose();
            }
        }

        _directory.Delete(recursive: true);
    }

    private string PidFile => In("rabbit.pid");

    private string In(string file) => Path.Combine(_directory.FullName, file);

    private ProcessStartInfo Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)
        [
            ("HOME", _directory.CreateSubdirectory("home").FullName),
            ("ERL_EPMD_ADDRESS", "127.0.0.1"),
            ("ERL_EPMD_PORT", $"{_namesPort}"),
            ("RABBITMQ_NODENAME", "hubtest@localhost"),
            ("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
            ("RABBITMQ_NODE_PORT", $"{Port}"),
            ("RABBITMQ_DIST_PORT", $"{_nodesPort}"),
            ("RABBITMQ_BASE", _directory.FullName),
            ("RABBITMQ_MNESIA_BASE", In("mnesia")),
            ("RABBITMQ_LOG_BASE", In("log")),
            ("RABBITMQ_PID_FILE", PidFile),
            ("RABBITMQ_CONFIG_FILE", In("rabbitmq")),
            ("RABBITMQ_ENABLED_PLUGINS_FILE", In("enabled_plugins")),
            ("RABBITMQ_CONF_ENV_FILE", In("none")),
            ("RABBITMQ_ADVANCED_CONFIG_FILE", In("none")),
            ("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none"),
        ])
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
