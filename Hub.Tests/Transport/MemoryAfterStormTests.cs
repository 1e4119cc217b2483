using System.Net.Http.Json;
using System.Text.Json;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Transport;

/// <summary>
/// A node of its own, since what other tests need at the same time would be measured as well. Its Redis keeps what is to be kept. What the
/// first storm leaves behind are tables that have grown, and what .NET has made when it was first asked for.
/// </summary>
public sealed class MemoryAfterStormTests
{
    private const int AtOnce = 50, Storm = 2_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_a_storm_has_gone_a_node_needs_no_more_than_a_fifth_more_than_before(bool isOwn)
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var node = ServerProcess.RunIn(
            ServerProcess.CollectsWhenAsked, "--urls", "http://127.0.0.1:0", "--Redis:Connection", redis.Connection,
            "--Transport:Enabled", $"{isOwn}", "--Api:Keys:tests", Node.Sha256(Node.ApiKey));
        var address = await node.AddressAsync();
        await LeaveAsync(await ComeAsync(address));
        var before = await SettledAsync(node);

        var storm = await ComeAsync(address);
        (await node.BytesInUseAsync()).Should().BeGreaterThan(2 * before, "else the storm is not what is measured");
        await LeaveAsync(storm);

        await Eventually.HoldsAsync(async () => await node.BytesInUseAsync() < 1.2 * before);
    }

    /// <summary>What it needs when that has stopped to fall.</summary>
    private static async Task<long> SettledAsync(ServerProcess node)
    {
        var (last, now) = (long.MaxValue, await node.BytesInUseAsync());
        while (now < 0.99 * last)
        {
            (last, now) = (now, await node.BytesInUseAsync());
        }

        return now;
    }

    private static async Task<IReadOnlyList<RawClient>> ComeAsync(Uri address)
    {
        using var http = new HttpClient { BaseAddress = address, DefaultRequestHeaders = { { "X-Api-Key", Node.ApiKey } } };
        var clients = new RawClient[Storm];
        await Parallel.ForAsync(0, Storm, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (index, _) =>
        {
            using var minted = await http.PostAsJsonAsync("api/tokens", new { sub = $"user {index}" }, CancellationToken.None);
            var token = (await minted.Content.ReadFromJsonAsync<JsonElement>(CancellationToken.None)).GetProperty("token").GetString()!;
            clients[index] = await (await RawClient.ConnectAsync(new Uri(address, "hub"), token)).GreetAsync();
        });
        return clients;
    }

    private static Task LeaveAsync(IReadOnlyList<RawClient> clients) => Task.WhenAll(clients.Select(async client =>
    {
        await client.CloseAsync();
        client.Dispose();
    }));
}
