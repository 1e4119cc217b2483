using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Events;

/// <summary>Three nodes, each a process of its own, of which one is killed: what backends are told of that.</summary>
public sealed class EventSurvivalTests : IAsyncLifetime
{
    private const int Users = 30;

    /// <summary>A dead node is noticed after 15 seconds, and a user has gone five seconds later.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly RedisServer _redis = new();
    private readonly int[] _ports = [LoopbackPort.Next(), LoopbackPort.Next(), LoopbackPort.Next()];
    private readonly List<HubConnection> _clients = [];
    private List<ServerProcess> _nodes = [];
    private Backend[] _backends = [];
    private EventConsumer _consumer = null!;

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        _consumer = await EventConsumer.StartAsync();
        _nodes = [.. _ports.Select(Start)];
        _backends = [.. _ports.Select(port => new Backend(port))];
        await Task.WhenAll(_nodes.Select(node => node.Announcement));
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_clients.Select(client => client.DisposeAsync().AsTask()));
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
        Array.ForEach(_backends, backend => backend.Dispose());
        await _consumer.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task When_a_node_is_killed_each_of_its_users_goes_offline_once_and_nobody_else()
    {
        await Task.WhenAll(Enumerable.Range(0, Users).Select(user => ConnectAsync(user, user % 3)));
        await Task.WhenAll(Enumerable.Range(0, Users).Where(user => user % 6 == 0).Select(user => ConnectAsync(user, 1)));
        await _consumer.TakenAsync(Users);

        await KillFirstAsync();

        // Users 0, 6, 12 … have a connection to another node as well.
        var gone = Enumerable.Range(0, Users).Where(user => user % 3 == 0 && user % 6 != 0).Select(user => $"user {user}").ToList();
        await _consumer.TakenAsync(Users + gone.Count, Patience);
        await EndAllAsync();
        await _consumer.TakenAsync(2 * Users, Patience);
        TypesOf(_consumer.Taken.Take(Users)).Should().OnlyContain(type => type == "user.online");
        SubjectsOf(_consumer.Taken.Skip(Users).Take(gone.Count)).Should().BeEquivalentTo(gone);
        foreach (var user in Enumerable.Range(0, Users))
        {
            TypesOf(_consumer.Taken.Where(told => Subject(told) == $"user {user}").DistinctBy(Id)).Should().Equal("user.online", "user.offline");
        }
    }

    [Fact]
    public async Task What_has_happened_while_the_consumer_was_away_and_a_node_was_killed_comes_in_order_when_it_is_back()
    {
        await _consumer.GoAsync();
        for (var round = 0; round < 4; round++)
        {
            if (round == 2)
            {
                await Eventually.HoldsAsync(async () => await WaitingAsync() >= 2 * Users);
                await KillFirstAsync();
            }

            var (node, reason) = (round < 2 ? 0 : 1, $"{round}");
            await Task.WhenAll(Enumerable.Range(0, Users).Select(user => ConnectAsync(user, node)));
            await Task.WhenAll(Enumerable.Range(0, Users).Select(user => EndAsync(user, node, reason)));
        }

        await Eventually.HoldsAsync(async () => await WaitingAsync() >= 4 * Users);
        await _consumer.ComeAsync();

        await Eventually.HoldsAsync(
            () => Task.FromResult(Enumerable.Range(0, Users).All(user => ReasonsOf(user).Count() >= 4)), Patience);
        foreach (var user in Enumerable.Range(0, Users))
        {
            ReasonsOf(user).Should().Equal("0", "1", "2", "3");
        }
    }

    private async Task KillFirstAsync()
    {
        await _nodes[0].DisposeAsync();
        _nodes.RemoveAt(0);
    }

    private static string Subject(JsonElement told) => told.GetProperty("subject").GetString()!;

    private static string Id(JsonElement told) => told.GetProperty("id").GetString()!;

    private static IEnumerable<string> SubjectsOf(IEnumerable<JsonElement> events) => events.Select(Subject);

    private static IEnumerable<string?> TypesOf(IEnumerable<JsonElement> events) =>
        events.Select(told => told.GetProperty("type").GetString());

    private IEnumerable<string?> ReasonsOf(int user) => _consumer.Taken
        .Where(told => Subject(told) == $"user {user}" && told.GetProperty("type").GetString() == "connection.ended").DistinctBy(Id)
        .Select(told => told.GetProperty("data").GetProperty("reason").GetString());

    /// <summary>How many ends of connections wait in Redis.</summary>
    private async Task<int> WaitingAsync()
    {
        var ended = 0;
        foreach (var key in _redis.Server.Keys(pattern: "*}:events"))
        {
            ended += (await _redis.Database.StreamRangeAsync(key)).Count(
                entry => $"{entry["record"]}".Contains("connection.ended", StringComparison.Ordinal));
        }

        return ended;
    }

    private async Task EndAllAsync()
    {
        await Task.WhenAll(_clients.Select(client => client.DisposeAsync().AsTask()));
        _clients.Clear();
    }

    private async Task ConnectAsync(int user, int node)
    {
        var client = _backends[node].ClientFor($"user {user}");
        lock (_clients)
        {
            _clients.Add(client);
        }

        await client.StartAsync();
        await client.InvokeAsync<JsonElement>("Resume", new { from = "head" });
    }

    private async Task EndAsync(int user, int node, string reason)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/api/users/user%20{user}/connections?reason={reason}")
        {
            Headers = { { "X-Api-Key", Node.ApiKey } },
        };
        using var answer = await _backends[node].Http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    private ServerProcess Start(int port) => ServerProcess.Start(
        "Production",
        ["--urls", $"http://127.0.0.1:{port}", "--Redis:Connection", _redis.Connection, "--Api:Keys:tests", Node.Sha256(Node.ApiKey),
            .. _consumer.Settings.SelectMany(setting => new[] { $"--{setting.Key}", setting.Value })]);
}
