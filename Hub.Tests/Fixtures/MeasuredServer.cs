using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>A server of its own on Redis, whose metrics are no other node's, and what a backend and clients do with it.</summary>
internal sealed class MeasuredServer : IAsyncDisposable
{
    private readonly ServerProcess _process;
    private readonly HttpClient _backend;

    private MeasuredServer(ServerProcess process, Uri address, string metrics)
    {
        (_process, Address, Metrics) = (process, address, metrics);
        _backend = new HttpClient { BaseAddress = address, DefaultRequestHeaders = { { "X-Api-Key", Node.ApiKey } } };
    }

    public Uri Address { get; }

    /// <summary>The address below which its metrics are.</summary>
    public string Metrics { get; }

    public static async Task<MeasuredServer> StartAsync(RedisServer redis, Dictionary<string, string> environment, params string[] settings)
    {
        var metrics = $"http://127.0.0.1:{LoopbackPort.Next()}";
        var process = ServerProcess.RunIn(
            environment,
            [
                "--urls", "http://127.0.0.1:0", "--environment", "Production", "--Redis:Connection", redis.Connection, "--Metrics:Urls", metrics,
                "--Api:Keys:tests", Node.Sha256(Node.ApiKey), "--Api:MessagesPerSecond", "0", .. settings,
            ]);
        return new MeasuredServer(process, await process.AddressAsync(), metrics);
    }

    public Task<Scrape> ScrapeAsync() => Scrape.OfAsync(Metrics);

    /// <summary>A stock client, with nothing negotiated.</summary>
    public HubConnection ClientFor(string user, params string[] groups) => new HubConnectionBuilder().WithUrl(
        new Uri(Address, "hub"), HttpTransportType.WebSockets, options =>
        {
            options.SkipNegotiation = true;
            options.AccessTokenProvider = async () =>
                (await PostAsync("api/tokens", new { sub = user, groups })).GetProperty("token").GetString();
        }).Build();

    public async Task<JsonElement> PostAsync(string path, object body)
    {
        var answer = await _backend.PostAsJsonAsync(path, body);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Ends the connections of a user.</summary>
    public async Task EndAsync(string user) =>
        (await _backend.DeleteAsync(new Uri($"api/users/{user}/connections", UriKind.Relative))).EnsureSuccessStatusCode();

    public Task TerminateAsync() => _process.TerminateAsync();

    public Task<int> ExitCodeAsync() => _process.ExitCodeAsync();

    public async ValueTask DisposeAsync()
    {
        _backend.Dispose();
        await _process.DisposeAsync();
    }
}
