using System.Collections.Concurrent;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>
/// A load balancer: passes new connections on to those nodes, one after the other, that say ten times a second that they are ready.
/// Connections that are open stay where they are.
/// </summary>
internal sealed class Balancer : IAsyncDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(1) };
    private readonly ConcurrentDictionary<int, bool> _ready = new();
    private readonly CancellationTokenSource _disposal = new();
    private readonly Wire _wire;
    private readonly Task _asking;

    public Balancer(params int[] ports)
    {
        _wire = new Wire(TimeSpan.Zero, ports) { Takes = IsReady };
        _asking = Task.WhenAll(ports.Select(AskAsync));
    }

    public Uri Address => new($"http://127.0.0.1:{_wire.Port}");

    public bool IsReady(int port) => _ready.GetValueOrDefault(port);

    public async ValueTask DisposeAsync()
    {
        await _disposal.CancelAsync();
        await _asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _wire.DisposeAsync();
        _http.Dispose();
    }

    private async Task AskAsync(int port)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        do
        {
            _ready[port] = await AnswersAsync(new Uri($"http://127.0.0.1:{port}/health/ready"));
        }
        while (await pace.WaitForNextTickAsync(_disposal.Token));
    }

    private async Task<bool> AnswersAsync(Uri question)
    {
        try
        {
            using var answer = await _http.GetAsync(question, _disposal.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
