using RealtimeHub.Bench.Systems;

namespace RealtimeHub.Bench.Load;

/// <summary>Many clients of one system, each of a user of its own.</summary>
internal sealed class Swarm : IAsyncDisposable
{
    private static readonly TimeSpan BetweenKeepAlives = TimeSpan.FromSeconds(10);

    private readonly SystemUnderTest _system;
    private readonly PeriodicTimer _timer = new(BetweenKeepAlives);
    private readonly Task _keepingAlive;

    /// <param name="system">The system whose clients they are.</param>
    /// <param name="users">Their users.</param>
    /// <param name="ledger">Takes what they get.</param>
    public Swarm(SystemUnderTest system, IReadOnlyList<Visitor> users, Ledger ledger)
    {
        (_system, Users, Ledger) = (system, users, ledger);
        Clients = [.. users.Select((user, index) => new LoadClient(user.Name, index, system.Dialect, ledger))];
        _keepingAlive = KeepAliveAsync();
    }

    public IReadOnlyList<Visitor> Users { get; }

    public Ledger Ledger { get; }

    public LoadClient[] Clients { get; private set; }

    /// <summary>How many could not get in.</summary>
    public int Refused { get; private set; }

    /// <summary>Connects all of them, so many at once, each to the next node.</summary>
    /// <param name="cluster">Where to.</param>
    /// <param name="atOnce">How many are under way at once.</param>
    /// <param name="receiveBuffer">See <see cref="Loopback.ConnectAsync"/>.</param>
    /// <returns>How long it took, in seconds.</returns>
    public async Task<double> ConnectAsync(Cluster cluster, int atOnce, int receiveBuffer = 0)
    {
        var tokens = await _system.MintAsync(cluster.Redis, Users);
        var start = Clock.Now;
        await ConnectAsync(cluster.PortFor, tokens, atOnce, receiveBuffer);
        return Clock.MicrosecondsSince(start) / 1e6;
    }

    /// <summary>Connects all of them to where each belongs.</summary>
    public Task ConnectAsync(Func<int, int> portFor, string[] tokens, int atOnce, int receiveBuffer = 0) => Parallel.ForEachAsync(
        Clients,
        new ParallelOptions { MaxDegreeOfParallelism = atOnce },
        async (client, _) => await client.ConnectAsync(portFor(client.Index), tokens[client.Index], Clock.Now, receiveBuffer));

    /// <summary>Lets them arrive at a rate, whether or not those before are in.</summary>
    /// <param name="cluster">Where to.</param>
    /// <param name="perSecond">How many arrive in a second.</param>
    /// <param name="ready">Called when one is in.</param>
    public async Task ArriveAsync(Cluster cluster, double perSecond, Action<LoadClient> ready)
    {
        var tokens = await _system.MintAsync(cluster.Redis, Users);
        var arriving = new Task[Clients.Length];
        await Metronome.RunAsync(perSecond, Clients.Length, (index, due) => arriving[index] = Task.Run(() => ArriveAsync(Clients[index], cluster, tokens[index], due, ready)));
        await Task.WhenAll(arriving);
    }

    /// <summary>Waits until all have seen that their server is gone.</summary>
    public Task ClosedAsync() => Task.WhenAll(Clients.Select(client => client.Closed));

    /// <summary>Replaces the clients that were closed by ones that know what those knew.</summary>
    public void ReplaceClosed() => Clients = [.. Clients.Select(client => client.IsClosed
        ? new LoadClient(client.User, client.Index, _system.Dialect, Ledger) { Cursor = client.Cursor }
        : client)];

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _keepingAlive;
        foreach (var client in Clients)
        {
            client.Close();
        }
    }

    private async Task ArriveAsync(LoadClient client, Cluster cluster, string token, long due, Action<LoadClient> ready)
    {
        try
        {
            await client.ConnectAsync(cluster.PortFor(client.Index), token, due);
            ready(client);
        }
        catch (Exception failure) when (failure is InvalidOperationException or System.Net.Sockets.SocketException)
        {
            Refused++;
        }
    }

    private async Task KeepAliveAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            foreach (var client in Clients)
            {
                client.KeepAlive();
            }
        }
    }
}
