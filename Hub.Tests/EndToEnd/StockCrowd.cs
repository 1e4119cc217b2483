using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;

namespace RealtimeHub.Tests.EndToEnd;

/// <summary>Many of SignalR's own clients, which come back by themselves, each time with another token.</summary>
internal sealed class StockCrowd : IAsyncDisposable
{
    private readonly List<HubConnection> _clients;
    private readonly Lock _lock = new();
    private int _away;

    /// <param name="hub">Where to.</param>
    /// <param name="count">How many.</param>
    /// <param name="token">Gives the one with a number a token.</param>
    public StockCrowd(Uri hub, int count, Func<int, Task<string?>> token) =>
        _clients = [.. Enumerable.Range(0, count).Select(number => ClientOf(hub, () => token(number)))];

    /// <summary>The most who were away at any moment.</summary>
    public int MostAway { get; private set; }

    /// <summary>How often one of them has come back.</summary>
    public int Returns { get; private set; }

    public IEnumerable<HubConnectionState> States => _clients.Select(client => client.State);

    /// <summary>Returns when all are connected.</summary>
    /// <param name="atOnce">How many start at the same time.</param>
    public Task StartAsync(int atOnce) => Parallel.ForEachAsync(
        _clients, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (client, stop) => await client.StartAsync(stop));

    public async ValueTask DisposeAsync() => await Task.WhenAll(_clients.Select(client => client.DisposeAsync().AsTask()));

    private HubConnection ClientOf(Uri hub, Func<Task<string?>> token)
    {
        var client = new HubConnectionBuilder()
            .WithUrl(hub, HttpTransportType.WebSockets, options =>
            {
                options.SkipNegotiation = true;
                options.AccessTokenProvider = token;
            })
            .WithAutomaticReconnect()
            .Build();
        client.Reconnecting += _ => GoAsync();
        client.Reconnected += _ => ReturnAsync();
        return client;
    }

    private Task GoAsync()
    {
        lock (_lock)
        {
            MostAway = Math.Max(MostAway, ++_away);
        }

        return Task.CompletedTask;
    }

    private Task ReturnAsync()
    {
        lock (_lock)
        {
            _away--;
            Returns++;
        }

        return Task.CompletedTask;
    }
}
