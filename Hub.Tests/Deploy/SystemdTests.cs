using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Deploy;

/// <summary>What systemd hears of the hub.</summary>
public sealed class SystemdTests : IDisposable
{
    private readonly int _port = LoopbackPort.Next();
    private readonly Backend _backend;

    public SystemdTests() => _backend = new Backend(_port);

    private string[] Arguments => ["--urls", $"http://127.0.0.1:{_port}", "--Api:Keys:tests", Node.Sha256(Node.ApiKey)];

    public void Dispose() => _backend.Dispose();

    [Fact]
    public async Task It_is_ready_when_it_accepts_connections_and_not_before()
    {
        await using var hub = await SystemdService.StartAsync(Arguments);

        (await hub.HeardAsync()).Should().Be("READY=1");

        await using var alice = await ConnectedAsync();
        alice.State.Should().Be(HubConnectionState.Connected);
    }

    [Fact]
    public async Task A_hub_that_warms_up_is_ready_when_it_is_warm()
    {
        await using var hub = await SystemdService.StartAsync("systemd", [("Warmup__Enabled", "true")], Arguments);

        (await hub.HeardAsync()).Should().Be("READY=1");

        (await _backend.Http.GetStringAsync("/health/ready")).Should().Contain("The node is warm.");
    }

    [Fact]
    public async Task A_hub_whose_warm_up_fails_does_not_keep_systemd_waiting()
    {
        var nobody = LoopbackPort.Next();
        await using var hub = await SystemdService.StartAsync(
            "systemd", [("Warmup__Enabled", "true")], [.. Arguments, "--Redis:Connection", $"127.0.0.1:{nobody}"]);

        (await hub.HeardAsync()).Should().Be("READY=1");

        (await _backend.Http.GetAsync("/health/ready")).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_hub_that_cannot_listen_is_never_ready()
    {
        using var taken = new TcpListener(IPAddress.Loopback, _port);
        taken.Start();
        await using var hub = await SystemdService.StartAsync(Arguments);

        (await hub.ExitCodeAsync()).Should().NotBe(0);

        (await hub.LeftToHearAsync()).Should().NotContain("READY=1");
    }

    [Fact]
    public async Task Told_to_stop_it_says_so_sends_its_clients_away_and_ends_well()
    {
        await using var hub = await SystemdService.StartAsync("systemd", [("Drain__Time", "00:00:02")], Arguments);
        await hub.HeardAsync();
        HttpTransportType[] transports = [HttpTransportType.WebSockets, HttpTransportType.ServerSentEvents, HttpTransportType.LongPolling];
        var clients = await Task.WhenAll(Enumerable.Range(0, 100).Select(number => ConnectedAsync(transports[number % transports.Length])));
        var goodbyes = clients.Select(GoodbyeAsync).ToList();

        await hub.TerminateAsync();

        (await hub.HeardAsync()).Should().Be("STOPPING=1");
        (await Task.WhenAll(goodbyes)).Should().OnlyContain(
            error => error != null && error.Message.Contains("node_stopping: ", StringComparison.Ordinal), "a client that is sent away is told why");
        (await hub.ExitCodeAsync()).Should().Be(0);
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task It_says_that_it_lives_for_as_long_as_it_does()
    {
        await using var hub = await SystemdService.StartAsync("systemd", [("WATCHDOG_USEC", "200000")], Arguments);
        await hub.ReadyAsync();

        foreach (var _ in Enumerable.Range(0, 10))
        {
            (await hub.HeardAsync()).Should().Be("WATCHDOG=1");
        }
    }

    /// <remarks>
    /// Nobody reads what it writes, and it writes much: in the end each of its threads waits for room in its log. The number of threads is
    /// limited so that this comes soon.
    /// </remarks>
    [Fact]
    public async Task A_hub_that_hangs_falls_silent()
    {
        const string few = "8";
        await using var hub = await SystemdService.StartAsync(
            "systemd",
            [("WATCHDOG_USEC", "1000000"), ("DOTNET_ThreadPool_ForceMinWorkerThreads", few), ("DOTNET_ThreadPool_ForceMaxWorkerThreads", few)],
            [.. Arguments, "--Logging:LogLevel:Default", "Trace", "--Logging:LogLevel:Microsoft.AspNetCore", "Trace"]);
        await hub.ReadyAsync();
        using var ended = new CancellationTokenSource();

        var asking = Enumerable.Range(0, 500).Select(_ => _backend.Http.GetAsync("/health/live", ended.Token)).ToList();

        await hub.SilentForAsync(TimeSpan.FromSeconds(1));
        await ended.CancelAsync();
        await Task.WhenAll(asking).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Theory]
    [InlineData("systemd", "WATCHDOG_PID", "1")]
    [InlineData("bash", "WATCHDOG_PID", "")]
    public async Task Nobody_else_hears_that_it_lives(string parent, string name, string value)
    {
        await using var hub = await SystemdService.StartAsync(parent, [("WATCHDOG_USEC", "1000"), (name, value)], Arguments);
        await Eventually.HoldsAsync(IsReadyAsync);

        await hub.TerminateAsync();
        await hub.ExitCodeAsync();

        (await hub.LeftToHearAsync()).Should().NotContain("WATCHDOG=1");
    }

    [Fact]
    public async Task Its_log_has_a_line_for_each_entry_with_a_priority_for_the_journal()
    {
        await using var hub = await SystemdService.StartAsync(Arguments);
        await hub.HeardAsync();

        (await hub.Output.ReadLineAsync()).Should().MatchRegex(
            @"^<6>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z Microsoft\.Hosting\.Lifetime\[14\] Now listening on: http://127\.0\.0\.1:");
    }

    private static Task<Exception?> GoodbyeAsync(HubConnection client)
    {
        var goodbye = new TaskCompletionSource<Exception?>();
        client.Closed += error =>
        {
            goodbye.TrySetResult(error);
            return Task.CompletedTask;
        };
        return goodbye.Task;
    }

    private async Task<HubConnection> ConnectedAsync(HttpTransportType transport = HttpTransportType.WebSockets)
    {
        var client = _backend.ClientFor("alice", transport);
        await client.StartAsync();
        return client;
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            return (await _backend.Http.GetAsync("/health/ready")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
