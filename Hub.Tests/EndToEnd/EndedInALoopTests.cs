using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.EndToEnd;

/// <summary>Three nodes, each a process of its own, and a user who comes back to all of them without a pause.</summary>
public sealed class EndedInALoopTests : IAsyncLifetime
{
    private const int Loops = 18;
    private const int Tokens = 1_200;

    private readonly RedisServer _redis = new();
    private readonly ConcurrentQueue<string> _tokens = new();
    private readonly HttpClient _http = new();
    private ServerProcess[] _processes = [];
    private Uri[] _nodes = [];
    private volatile bool _isEnded;

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        _processes = [.. Enumerable.Range(0, 3).Select(_ => ServerProcess.Start(
            "Production", "--Redis:Connection", _redis.Connection, "--Api:Keys:tests", Node.Sha256(Node.ApiKey), "--Api:MessagesPerSecond", "0",
            "--Tokens:Lifetime", "00:05:00", "--Limits:AttemptsPerMinute", "0", "--Limits:FailuresPerMinute", "0"))];
        _nodes = await Task.WhenAll(_processes.Select(process => process.AddressAsync()));
        _http.DefaultRequestHeaders.Add("X-Api-Key", Node.ApiKey);
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_processes.Select(process => process.DisposeAsync().AsTask()));
        await _redis.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task Ended_while_reconnecting_in_a_loop_on_three_nodes_none_is_left_and_none_gets_in()
    {
        await Parallel.ForAsync(0, Tokens, async (_, _) => _tokens.Enqueue(await MintAsync()));
        var loops = Enumerable.Range(0, Loops).Select(number => Task.Run(() => ReconnectAsync(number))).ToList();
        await Eventually.HoldsAsync(async () => await ConnectedAsync() >= Loops / 2);

        var answer = await _http.DeleteAsync(new Uri(_nodes[2], "/api/users/eve/connections"));
        _isEnded = true;
        var begun = TimeProvider.System.GetTimestamp();

        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ended").GetInt32().Should().BePositive();
        await Eventually.HoldsAsync(async () => await ConnectedAsync() == 0);
        TimeProvider.System.GetElapsedTime(begun).Should().BeLessThan(TimeSpan.FromSeconds(1));
        _tokens.Should().NotBeEmpty("they still come");
        var gotIn = await Task.WhenAll(loops);
        gotIn.Sum(loop => loop.Before).Should().BePositive();
        gotIn.Sum(loop => loop.After).Should().Be(0);
        (await ConnectedAsync()).Should().Be(0);
        using var late = await RawSocket.OpenAsync(_nodes[0], await MintAsync(), "?heads=true");
        (await late.ReadMessageAsync()).Should().Contain("\"Heads\"", "that token is from after the end");
    }

    // One half keeps each connection for as long as it is let, the other half for a moment. The next one is at another node.
    private async Task<(int Before, int After)> ReconnectAsync(int number)
    {
        var (before, after, node) = (0, 0, number);
        while (_tokens.TryDequeue(out var token))
        {
            var begunAfter = _isEnded;
            using var socket = await RawSocket.OpenAsync(_nodes[node++ % _nodes.Length], token, "?heads=true");
            if ((await socket.ReadMessageAsync())?.Contains("\"Heads\"", StringComparison.Ordinal) == true)
            {
                (before, after) = begunAfter ? (before, after + 1) : (before + 1, after);
                await (number % 2 == 0 ? socket.ReadToEndAsync() : Task.CompletedTask);
            }
        }

        return (before, after);
    }

    private async Task<int> ConnectedAsync() =>
        (await _http.GetFromJsonAsync<JsonElement>(new Uri(_nodes[1], "/api/users/eve"))).GetProperty("connections").GetArrayLength();

    private async Task<string> MintAsync()
    {
        var answer = await _http.PostAsJsonAsync(new Uri(_nodes[0], "/api/tokens"), new { sub = "eve" });
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
    }
}
