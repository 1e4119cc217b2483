using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
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
    private const int Clients = 2_000;
    private const int StockClients = 200;
    private const int StartsAtOnce = 50;

    /// <summary>The hub tells of no more users at once.</summary>
    private const int MostAsked = 1_000;

    /// <summary>How many users get a message of their own at each step of the traffic.</summary>
    private const int UsersInTurn = 20;

    private const int StepsBetweenMessagesToEveryone = 10;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>In this time two cores move all of them without haste.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan LongestGap = TimeSpan.FromMilliseconds(500);

    private readonly RedisServer _redis = new();
    private readonly int[] _ports = [LoopbackPort.Next(), LoopbackPort.Next()];
    private readonly ServerProcess[] _nodes = new ServerProcess[2];
    private readonly ConcurrentQueue<string> _told = new();
    private readonly ConcurrentQueue<int>[] _toEveryone = [.. Enumerable.Range(0, Clients).Select(_ => new ConcurrentQueue<int>())];
    private readonly ConcurrentQueue<int>[] _toThem = [.. Enumerable.Range(0, Clients).Select(_ => new ConcurrentQueue<int>())];
    private readonly CancellationTokenSource _end = new();
    private IHost _backend = null!;
    private readonly Moves _moves = new();
    private Haproxy _proxy = null!;
    private List<PushClient> _clients = [];
    private StockCrowd _stock = null!;
    private int _tokens;
    private volatile int _asked;

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        _backend = await BackendAsync();
        for (var node = 0; node < _nodes.Length; node++)
        {
            _nodes[node] = Start(node);
        }

        await Task.WhenAll(_nodes.Select(node => node.Announcement));
        _proxy = await Haproxy.StartAsync(_ports[0], _ports[1]);
        _clients = [.. Enumerable.Range(0, Clients).Select(ClientOf)];
        _stock = new StockCrowd(new Uri(_proxy.Address, "hub"), StockClients, async number => await MintAsync($"stock {number}"));
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_clients.Select(client => client.DisposeAsync().AsTask()));
        await _stock.DisposeAsync();
        await _proxy.DisposeAsync();
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
        _backend.Dispose();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_is_lost_or_comes_twice_nobody_is_ever_without_a_connection_and_the_web_app_is_asked_for_nothing()
    {
        await StartAllAsync();
        var minted = _tokens;
        await using var stalls = new MachineStalls();
        var publishing = PublishAsync();
        var looking = LookAsync();

        for (var node = 0; node < _nodes.Length; node++)
        {
            _moves.Begin();
            await RestartAsync(node);
            Report(node, stalls);
            _moves.LongestGap.Should().BeLessThanOrEqualTo(LongestGap + stalls.Longest);
        }

        await _end.CancelAsync();
        await ShouldHaveHandledAllAsync(await publishing);
        _told.Should().BeEmpty("no client has noticed anything");
        _moves.Count.Should().Be(Clients, "all were on the second node");
        (await looking).Should().BeEmpty("everybody was connected all the time");
        _tokens.Should().Be(minted, "nobody has asked for another token");
        _stock.MostAway.Should().BeLessThanOrEqualTo((int)(StockClients * ((stalls.Longest / DrainTime) + 0.15)));
        _stock.Returns.Should().BeGreaterThanOrEqualTo(StockClients, "all were on the second node");
        _stock.States.Should().AllBeEquivalentTo(HubConnectionState.Connected);
    }

    private async Task StartAllAsync()
    {
        await Parallel.ForEachAsync(
            _clients, new ParallelOptions { MaxDegreeOfParallelism = StartsAtOnce }, async (client, stop) => await client.StartAsync(stop));
        await _stock.StartAsync(StartsAtOnce);
        _clients.ForEach(Watch);
    }

    private void Report(int node, MachineStalls stalls) => output.WriteLine(
        $"""
        {_moves.Count} clients of node {node + 1} moved, by half seconds after it was told to stop:
        {_moves.Histogram()}
        The longest time in which none was told: {_moves.LongestGap.TotalMilliseconds:0} ms.
        The longest time in which the machine held up the clients: {stalls.Longest.TotalMilliseconds:0} ms.
        Of {StockClients} stock clients {_stock.MostAway} were away at the same time, and {_stock.Returns} times one has come back.
        """);

    private async Task ShouldHaveHandledAllAsync(int steps)
    {
        var toEveryone = Enumerable.Range(0, steps).Where(IsForEveryone).ToArray();
        var toThem = Enumerable.Range(0, Clients).Select(number => TurnsOf(number, steps).ToArray()).ToArray();
        await Eventually.HoldsAsync(() => Task.FromResult(_toEveryone.All(handled => handled.Count >= toEveryone.Length)
            && _toThem.Zip(toThem).All(one => one.First.Count >= one.Second.Length)));
        _toEveryone.Should().AllSatisfy(handled => handled.Should().Equal(toEveryone));
        _toThem.Zip(toThem).Should().AllSatisfy(one => one.First.Should().Equal(one.Second));
    }

    private PushClient ClientOf(int number)
    {
        var client = new PushClient(new PushClientOptions
        {
            Url = new Uri(_proxy.Address, "hub"),
            Token = async _ =>
            {
                Interlocked.Increment(ref _tokens);
                return await MintAsync(UserOf(number));
            },
            LoggerFactory = _moves,
        });
        client.On("*", message => (message.Address == Address.Everyone.ToString() ? _toEveryone : _toThem)[number]
            .Enqueue(int.Parse(message.Type, CultureInfo.InvariantCulture)));
        return client;
    }

    private async Task<string> MintAsync(string user) =>
        (await _backend.Services.GetRequiredService<IAccessTokenStore>().MintAsync(new TokenRecord { Subject = user })).Reveal();

    private void Watch(PushClient client)
    {
        client.State.Should().Be(PushState.Connected);
        client.OnState(change => _told.Enqueue($"{change}"));
        client.OnEnded(end => _told.Enqueue($"{end}"));
        client.OnLost(loss => _told.Enqueue($"{loss}"));
        client.OnError(error => _told.Enqueue($"{error}"));
    }

    /// <summary>At each step a message to each user whose turn it is, and now and then one to everyone. Their type is its number.</summary>
    /// <returns>How many steps there were.</returns>
    private async Task<int> PublishAsync()
    {
        var publisher = _backend.Services.GetRequiredService<IPublisher>();
        using var pace = new PeriodicTimer(Step);
        var step = 0;
        while (!_end.IsCancellationRequested)
        {
            await Task.WhenAll(AddressesOf(step).Select(address => publisher.PublishAsync(address, $"{step}", new { })));
            step++;
            await pace.WaitForNextTickAsync();
        }

        return step;
    }

    private static IEnumerable<Address> AddressesOf(int step)
    {
        var users = Enumerable.Range(0, Clients).Where(number => IsInTurn(number, step)).Select(number => Address.User(UserOf(number)));
        return IsForEveryone(step) ? users.Append(Address.Everyone) : users;
    }

    private static bool IsForEveryone(int step) => step % StepsBetweenMessagesToEveryone == 0;

    private static bool IsInTurn(int number, int step) => number / UsersInTurn == step % (Clients / UsersInTurn);

    private static IEnumerable<int> TurnsOf(int number, int steps) => Enumerable.Range(0, steps).Where(step => IsInTurn(number, step));

    /// <summary>Asks the hub again and again who is connected.</summary>
    /// <returns>Who was not.</returns>
    private async Task<List<string>> LookAsync()
    {
        using var http = new HttpClient();
        using var pace = new PeriodicTimer(BetweenLooks);
        var missing = new List<string>();
        while (!_end.IsCancellationRequested)
        {
            foreach (var users in Enumerable.Range(0, Clients).Select(UserOf).Chunk(MostAsked))
            {
                missing.AddRange(await OfflineAsync(http, users));
            }

            await pace.WaitForNextTickAsync();
        }

        return missing;
    }

    private async Task<IEnumerable<string>> OfflineAsync(HttpClient http, string[] users)
    {
        var node = new Uri($"http://127.0.0.1:{_ports[_asked]}");
        using var question = Node.Api(new Uri(node, "api/users/status").ToString(), new { users });
        using var answer = await http.SendAsync(question);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("users").EnumerateArray()
            .Where(user => !user.GetProperty("online").GetBoolean())
            .Select(user => user.GetProperty("user").GetString()!);
    }

    /// <summary>Stops a node as a supervisor does, starts it again, and returns when the proxy sends clients to it.</summary>
    private async Task RestartAsync(int node)
    {
        _asked = 1 - node;
        await _nodes[node].TerminateAsync();
        (await _nodes[node].ExitCodeAsync()).Should().Be(0);
        await _nodes[node].DisposeAsync();
        _nodes[node] = Start(node);
        await Eventually.HoldsAsync(() => Task.FromResult(_proxy.Log.Contains($"Server nodes/hub-{node + 1} is UP", StringComparison.Ordinal)));
    }

    private ServerProcess Start(int node) => ServerProcess.Start("Production",
        "--urls", $"http://127.0.0.1:{_ports[node]}", "--Redis:Connection", _redis.Connection, "--Drain:Time", $"{DrainTime}",
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
}
