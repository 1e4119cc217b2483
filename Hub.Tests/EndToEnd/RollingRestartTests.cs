using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RealtimeHub.Client;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;
using Xunit.Abstractions;

namespace RealtimeHub.Tests.EndToEnd;

/// <summary>Two nodes behind a load balancer are restarted one after the other while messages come, as an upgrade does it.</summary>
public sealed class RollingRestartTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Clients = 300;
    private const int StartsAtOnce = 50;

    private readonly RedisServer _redis = new();
    private readonly int[] _ports = [LoopbackPort.Next(), LoopbackPort.Next()];
    private readonly ServerProcess[] _nodes = new ServerProcess[2];
    private readonly ConcurrentQueue<string> _told = new();
    private readonly ConcurrentQueue<int>[] _handled = [.. Enumerable.Range(0, Clients).Select(_ => new ConcurrentQueue<int>())];
    private readonly CancellationTokenSource _end = new();
    private IHost _backend = null!;
    private Balancer _balancer = null!;
    private int _tokens;

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        _backend = await BackendAsync();
        for (var node = 0; node < _nodes.Length; node++)
        {
            _nodes[node] = Start(node);
        }

        _balancer = new Balancer(_ports);
        await Eventually.HoldsAsync(() => Task.FromResult(_ports.All(_balancer.IsReady)));
    }

    public async Task DisposeAsync()
    {
        await _balancer.DisposeAsync();
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
        _backend.Dispose();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_is_lost_or_comes_twice_nobody_is_ever_without_a_connection_and_the_web_app_is_asked_for_nothing()
    {
        using var moves = new Moves();
        var clients = Enumerable.Range(0, Clients).Select(number => ClientOf(number, moves)).ToList();
        await Parallel.ForEachAsync(
            clients, new ParallelOptions { MaxDegreeOfParallelism = StartsAtOnce }, async (client, stop) => await client.StartAsync(stop));
        clients.ForEach(Watch);
        _tokens.Should().Be(Clients);
        var publishing = PublishAsync();
        var looking = LookAsync();

        for (var node = 0; node < _nodes.Length; node++)
        {
            moves.Begin();
            await RestartAsync(node);
            output.WriteLine($"The clients of node {node + 1} moved, by half seconds after it was told to stop:\n{moves.Histogram()}");
        }

        await _end.CancelAsync();
        var published = Enumerable.Range(0, await publishing).ToArray();
        await Eventually.HoldsAsync(() => Task.FromResult(_handled.All(handled => handled.Count >= published.Length)));
        _handled.Should().AllSatisfy(handled => handled.Should().Equal(published));
        _told.Should().BeEmpty("no client has noticed anything");
        (await looking).Should().BeEmpty("everybody was connected all the time");
        _tokens.Should().Be(Clients, "nobody has asked for another token");
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    private PushClient ClientOf(int number, Moves moves)
    {
        var client = new PushClient(new PushClientOptions
        {
            Url = new Uri(_balancer.Address, "hub"),
            Token = async cancellationToken =>
            {
                Interlocked.Increment(ref _tokens);
                var tokens = _backend.Services.GetRequiredService<IAccessTokenStore>();
                return (await tokens.MintAsync(new TokenRecord { Subject = UserOf(number) }, cancellationToken)).Reveal();
            },
            LoggerFactory = moves,
        });
        client.On("*", message => _handled[number].Enqueue(int.Parse(message.Type, CultureInfo.InvariantCulture)));
        return client;
    }

    private void Watch(PushClient client)
    {
        client.State.Should().Be(PushState.Connected);
        client.OnState(change => _told.Enqueue($"{change}"));
        client.OnEnded(end => _told.Enqueue($"{end}"));
        client.OnLost(loss => _told.Enqueue($"{loss}"));
        client.OnError(error => _told.Enqueue($"{error}"));
    }

    /// <summary>Five messages a second to everyone.</summary>
    /// <returns>How many there were. The type of each is its number.</returns>
    private async Task<int> PublishAsync()
    {
        var publisher = _backend.Services.GetRequiredService<IPublisher>();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        var number = 0;
        while (!_end.IsCancellationRequested)
        {
            await publisher.PublishAsync(Address.Everyone, $"{number++}", new { });
            await pace.WaitForNextTickAsync();
        }

        return number;
    }

    /// <summary>Asks the hub five times a second who is connected.</summary>
    /// <returns>Who was not.</returns>
    private async Task<List<string>> LookAsync()
    {
        using var http = new HttpClient();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        var missing = new List<string>();
        while (!_end.IsCancellationRequested)
        {
            missing.AddRange(await OfflineAsync(http));
            await pace.WaitForNextTickAsync();
        }

        return missing;
    }

    private async Task<IEnumerable<string>> OfflineAsync(HttpClient http)
    {
        var node = new Uri($"http://127.0.0.1:{_ports.First(_balancer.IsReady)}");
        using var question = Node.Api(new Uri(node, "api/users/status").ToString(), new { users = Enumerable.Range(0, Clients).Select(UserOf) });
        using var answer = await http.SendAsync(question);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("users").EnumerateArray()
            .Where(user => !user.GetProperty("online").GetBoolean())
            .Select(user => user.GetProperty("user").GetString()!);
    }

    /// <summary>Stops a node as a supervisor does, starts it again, and returns when it is ready.</summary>
    private async Task RestartAsync(int node)
    {
        await _nodes[node].TerminateAsync();
        await _nodes[node].ExitCodeAsync();
        await _nodes[node].DisposeAsync();
        _nodes[node] = Start(node);
        await Eventually.HoldsAsync(() => Task.FromResult(_balancer.IsReady(_ports[node])));
    }

    private ServerProcess Start(int node) => ServerProcess.Start("Production",
        "--urls", $"http://127.0.0.1:{_ports[node]}", "--Redis:Connection", _redis.Connection, "--Drain:Time", "00:00:05",
        "--Api:Keys:tests", Node.Sha256(Node.ApiKey));

    private async Task<IHost> BackendAsync()
    {
        var builder = Host.CreateApplicationBuilder(["--Redis:Connection", _redis.Connection]);
        builder.Logging.ClearProviders();
        builder.Services.AddRealtimeHubTokens().AddRealtimeHubPublisher();
        var backend = builder.Build();
        await backend.StartAsync();
        return backend;
    }

    private static string UserOf(int number) => $"user {number}";

    /// <summary>When clients have moved, as their logs tell it.</summary>
    private sealed class Moves : ILoggerFactory, ILogger
    {
        private const int BarsPerStep = 4;

        private readonly ConcurrentQueue<TimeSpan> _moments = new();
        private long _begun;

        public void Begin()
        {
            _moments.Clear();
            _begun = TimeProvider.System.GetTimestamp();
        }

        public string Histogram() => string.Join('\n', _moments
            .CountBy(moment => Math.Floor(moment.TotalSeconds * 2) / 2)
            .OrderBy(step => step.Key)
            .Select(step => string.Create(
                CultureInfo.InvariantCulture, $"{step.Key,5:0.0} s {new string('#', (step.Value / BarsPerStep) + 1)} {step.Value}")));

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name == "Moved")
            {
                _moments.Enqueue(TimeProvider.System.GetElapsedTime(_begun));
            }
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
