using System.Net.Sockets;
using RealtimeHub.Bench.Systems;

namespace RealtimeHub.Bench.Load;

/// <summary>Many clients of one system, each of a user of its own.</summary>
internal sealed class Swarm : IAsyncDisposable
{
    private const int MostAttempts = 30;
    private static readonly TimeSpan BetweenKeepAlives = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    private readonly SystemUnderTest _system;
    private readonly PeriodicTimer _timer = new(BetweenKeepAlives);
    private readonly Task _keepingAlive;
    private int _failures;

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

    public LoadClient[] Clients { get; }

    /// <summary>How many attempts to get in failed, and were made again.</summary>
    public int Failures => _failures;

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

    /// <summary>
    /// Lets them arrive at a rate, whether or not those before are in. Who does not get in tries again after a second, with another token.
    /// </summary>
    /// <param name="cluster">Where to.</param>
    /// <param name="perSecond">How many arrive in a second.</param>
    /// <param name="ready">Called when one is in.</param>
    public async Task ArriveAsync(Cluster cluster, double perSecond, Action<LoadClient> ready)
    {
        var tokens = await _system.MintAsync(cluster.Redis, Users);
        var arriving = new Task[Clients.Length];
        await Metronome.RunAsync(perSecond, Clients.Length, (index, due) => arriving[index] = Task.Run(
            () => ArriveAsync(index, cluster, tokens[index], due, ready)));
        await Task.WhenAll(arriving);
    }

    /// <summary>Waits until all have seen that their server is gone.</summary>
    public Task ClosedAsync() => Task.WhenAll(Clients.Select(client => client.Closed));

    /// <summary>Replaces the clients that were closed by ones that know what those knew.</summary>
    public void ReplaceClosed() => Array.ForEach(Clients.Where(client => client.IsClosed).ToArray(), Replace);

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _keepingAlive;
        foreach (var client in Clients)
        {
            client.Close();
        }
    }

    /// <exception cref="InvalidOperationException">It does not get in, however often it tries.</exception>
    private async Task ArriveAsync(int index, Cluster cluster, string token, long due, Action<LoadClient> ready)
    {
        for (var attempt = 1; !await TryConnectAsync(Clients[index], cluster, token, due, isLast: attempt == MostAttempts); attempt++)
        {
            Interlocked.Increment(ref _failures);
            await Task.Delay(BetweenAttempts, TimeProvider.System);
            token = (await _system.MintAsync(cluster.Redis, [Users[index]]))[0];
            Replace(Clients[index]);
        }

        ready(Clients[index]);
    }

    private static async Task<bool> TryConnectAsync(LoadClient client, Cluster cluster, string token, long due, bool isLast)
    {
        try
        {
            await client.ConnectAsync(cluster.PortFor(client.Index), token, due);
            return true;
        }
        catch (Exception failure) when (!isLast && (failure is InvalidOperationException or SocketException))
        {
            return false;
        }
    }

    private void Replace(LoadClient client) =>
        Clients[client.Index] = new LoadClient(client.User, client.Index, _system.Dialect, Ledger) { Cursor = client.Cursor };

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
