using System.Net;
using System.Net.Sockets;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.CommandLine;

/// <summary>What an operator reads of a server that does not start: a sentence and an exit code, and never a stack.</summary>
public sealed class StartFaultTests : IDisposable
{
    private const string UseUpInotify = "while ctypes.CDLL(None).inotify_init() >= 0: pass";

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory();

    public void Dispose() => _home.Delete(recursive: true);

    [Theory]
    [InlineData("localhost", "no address to listen on")]
    [InlineData("http://*:99999", "ports go from 1 to 65535")]
    [InlineData("ftp://127.0.0.1:5080", "neither http nor https")]
    [InlineData("http://localhost:0", "take http://127.0.0.1:0")]
    [InlineData("http://127.0.0.1:5080/hub", "a path is not listened on")]
    [InlineData("https://127.0.0.1:0", "Kestrel:Certificates:Default:Path")]
    [InlineData("http://198.51.100.7:5080", "This machine has no such address", "no address of this machine")]
    public async Task An_address_on_which_nothing_can_listen(string url, string sentence, string? sentenceOfTheCheck = null)
    {
        ShouldBeASentence(await RunAsync("--urls", url), sentence);
        ShouldBeASentence(await RunAsync("config", "check", "--urls", url), sentenceOfTheCheck ?? sentence);
    }

    [Theory]
    [InlineData("http://127.0.0.1:7080", "http://127.0.0.1:7080", "Metrics:Urls has 'http://127.0.0.1:7080', where clients come to the hub: give the metrics a port of their own")]
    [InlineData("http://*:7080", "http://localhost:9464;http://127.0.0.1:7080", "Metrics:Urls has 'http://127.0.0.1:7080', where clients come to the hub")]
    [InlineData("http://unix:/run/hub.sock", "http://unix:/run/hub.sock", "Metrics:Urls has 'http://unix:/run/hub.sock', where clients come to the hub")]
    [InlineData("http://127.0.0.1:0", "https://127.0.0.1:9464", "Metrics:Urls has 'https://127.0.0.1:9464', ")]
    [InlineData("http://127.0.0.1:0", "9464", "Metrics:Urls has '9464', which is no address to listen on")]
    public async Task Metrics_where_the_hub_is_or_where_they_cannot_be(string url, string metrics, string sentence)
    {
        ShouldBeASentence(await RunAsync("--urls", url, "--Metrics:Urls", metrics), sentence);
        ShouldBeASentence(await RunAsync("config", "check", "--urls", url, "--Metrics:Urls", metrics), sentence);
    }

    [Theory]
    [InlineData("http://127.0.0.1:7080", "http://127.0.0.1:7080", "Dashboard:Urls has 'http://127.0.0.1:7080', where clients come to the hub: give the dashboard a port of its own")]
    [InlineData("http://*:7080", "http://127.0.0.1:9465;http://127.0.0.1:7080", "Dashboard:Urls has 'http://127.0.0.1:7080', where clients come to the hub")]
    [InlineData("http://127.0.0.1:0", "9465", "Dashboard:Urls has '9465', which is no address to listen on")]
    public async Task A_dashboard_where_clients_come_or_where_it_cannot_be(string url, string dashboard, string sentence)
    {
        ShouldBeASentence(await RunAsync("--urls", url, "--Dashboard:Urls", dashboard), sentence);
        ShouldBeASentence(await RunAsync("config", "check", "--urls", url, "--Dashboard:Urls", dashboard), sentence);
    }

    [Fact]
    public async Task A_port_of_the_metrics_that_is_taken()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        ShouldBeASentence(
            await RunAsync("--urls", "http://127.0.0.1:0", "--Metrics:Urls", $"http://{taken.LocalEndpoint}"), "for the metrics in Metrics:Urls");
    }

    [Fact]
    public async Task A_port_that_is_taken()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://{taken.LocalEndpoint}";

        ShouldBeASentence(await RunAsync("--urls", url), "set another address in Urls");
        var check = await RunAsync("config", "check", "--urls", url);
        check.ExitCode.Should().Be(0, "it is this hub's own if that runs");
        check.Output.Should().Contain($"warning: Urls has {url}, where something listens already");
    }

    [Fact]
    public async Task What_else_runs_in_it_says_nothing_of_a_host_that_could_not_start()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string[] settings =
        [
            "--urls", $"http://{taken.LocalEndpoint}", "--Presence:Address", "group:presence", "--Events:Url", "http://127.0.0.1:9/",
            "--Events:Secret", $"whsec_{Convert.ToBase64String(new byte[32])}",
        ];

        var run = await CommandRun.OfProgramAsync(
            "dotnet", [typeof(Program).Assembly.Location, .. settings], new() { ["HOME"] = _home.FullName, ["WATCHDOG_USEC"] = "30000000" });

        ShouldBeASentence(run, "set another address in Urls");
    }

    [Fact]
    public async Task A_port_that_is_not_for_this_user()
    {
        ShouldBeASentence(await RunAsNobodyAsync(["--urls", "http://127.0.0.1:80"]), "Ports below 1024 are for root");
        ShouldBeASentence(await RunAsNobodyAsync(["config", "check", "--urls", "http://127.0.0.1:80"]), "this user may not listen");
    }

    [Fact]
    public async Task A_certificate_that_is_not_there() =>
        ShouldBeASentence(await RunAsync("--urls", "https://127.0.0.1:0", "--Kestrel:Certificates:Default:Path", "/nowhere/hub.pfx"), "/nowhere/hub.pfx");

    [Fact]
    public async Task A_file_of_settings_that_is_broken_or_that_its_user_may_not_read()
    {
        var environment = $"Test{Guid.NewGuid():N}";
        var file = Path.Combine(CommandRun.Directory, $"appsettings.{environment}.json");
        try
        {
            await File.WriteAllTextAsync(file, "{\"Redis\":");
            ShouldBeASentence(await RunAsync("--environment", environment), file);
            ShouldBeASentence(await RunAsync("config", "check", "--environment", environment), file);

            await CommandRun.OfProgramAsync("chmod", ["000", file], []);
            ShouldBeASentence(await RunAsNobodyAsync(["--environment", environment]), file, "Let the user that the hub runs as read it");
            ShouldBeASentence(await RunAsNobodyAsync(["config", "check", "--environment", environment]), file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task No_inotify_instances_that_are_left()
    {
        ShouldBeASentence(await RunAsNobodyAsync(["--urls", "http://127.0.0.1:0"], before: UseUpInotify), "fs.inotify.max_user_instances");
        ShouldBeASentence(await RunAsNobodyAsync(["config", "check"], before: UseUpInotify), "fs.inotify.max_user_instances");
        ShouldBeASentence(await RunAsNobodyAsync(["token", "--user", "alice"], before: UseUpInotify), "fs.inotify.max_user_instances");
    }

    [Fact]
    public async Task Asked_to_stop_while_it_starts_it_ends_as_if_it_had_run()
    {
        // A Redis that takes the connection and then says nothing: the server is at its start for as long as its timeout.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var server = ServerProcess.Start("Production", "--Redis:Connection", $"{silent.LocalEndpoint},connectTimeout=2000,connectRetry=1");
        using var connected = await silent.AcceptTcpClientAsync();

        await server.TerminateAsync();

        (await server.ExitCodeAsync()).Should().Be(0);
        server.Output.Should().NotContainAny("RealtimeHub runs", "Unhandled exception", "   at ");
    }

    private static void ShouldBeASentence(CommandRun run, params string[] sentences)
    {
        run.ExitCode.Should().Be(1, run.Output + run.Error);
        (run.Output + run.Error).Should().ContainAll(sentences).And.NotContainAny("Unhandled exception", "   at ", "RealtimeHub runs");
    }

    /// <summary>Its home is empty, so that it finds no certificate for development.</summary>
    private Task<CommandRun> RunAsync(params string[] arguments) =>
        CommandRun.OfProgramAsync("dotnet", [typeof(Program).Assembly.Location, .. arguments], new() { ["HOME"] = _home.FullName });

    /// <summary>As a user who may read nothing that is not for all, after some Python in the same process.</summary>
    private static Task<CommandRun> RunAsNobodyAsync(string[] arguments, string before = "")
    {
        string[] program =
            ["/usr/bin/python3", "-c", $"import ctypes, os, sys\n{before}\nos.execvp('dotnet', ['dotnet'] + sys.argv[1:])", typeof(Program).Assembly.Location, .. arguments];
        var environment = new Dictionary<string, string?> { ["HOME"] = "/nonexistent" };
        return Environment.IsPrivilegedProcess
            ? CommandRun.OfProgramAsync("setpriv", ["--reuid", "64123", "--regid", "64123", "--clear-groups", .. program], environment)
            : CommandRun.OfProgramAsync(program[0], program[1..], environment);
    }
}
