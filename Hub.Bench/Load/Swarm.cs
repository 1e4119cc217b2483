using System.Net.Sockets;
using RealtimeHub.Bench.Systems;
using StackExchange.Redis;

namespace RealtimeHub.Bench.Load;

/// <summary>Many clients of one system, each of a user of its own.</summary>
internal sealed class Swarm : IAsyncDisposable
{
    private const int MostAttempts = 30;
    private static readonly TimeSpan BetweenKeepAlives = TimeSpan.FromSeconds(10);
    /// <summary>As our clients do: a second after they have handled something they tell of it, and of what has come meanwhile.</summary>
    private static readonly TimeSpan UntilReceipt = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    private readonly SystemUnderTest _system;
    private readonly string _headers;
    private readonly PeriodicTimer _timer = new(BetweenKeepAlives);
    private readonly PeriodicTimer _receipts = new(BetweenLooks);
    private readonly Task _keepingAlive;
    private readonly Task _telling;
    private int _failures;

    /// <param name="system">The system whose clients they are.</param>
    /// <param name="users">Their users.</param>
    /// <param name="ledger">Takes what they get.</param>
    /// <param name="headers">See <see cref="LoadClient.Headers"/>.</param>
    public Swarm(SystemUnderTest system, IReadOnlyList<Visitor> users, Ledger ledger, string headers = "")
    {
        (_system, Users, Ledger, _headers) = (system, users, ledger, headers);
        Clients = [.. users.Select((user, index) => NewClient(user.Name, index))];
        _keepingAlive = KeepAliveAsync();
        _telling = TellAsync();
    }

    public IReadOnlyList<Visitor> Users { get; }

    public Ledger Ledger { get; }

    public LoadClient[] Clients { get; }

    /// <summary>Whether those who come back show the secret that they have, and need no token.</summary>
    public bool ComesBackBySecret { get; init; }

    /// <summary>Whether each tells once a second what it has got, as clients of ours do. The ledger must keep their cursors.</summary>
    public bool TellsReceipts { get; set; }

    /// <summary>Whom each asks for its token as it arrives; null if all have theirs before.</summary>
    public WebApp? WebApp { get; init; }

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

    /// <summary>Connects all of them to one node, so many at once.</summary>
    public async Task ConnectToAsync(ServerNode node, Cluster cluster, int atOnce) =>
        await ConnectAsync(_ => node.Port, await _system.MintAsync(cluster.Redis, Users), atOnce);

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
    public Task ArriveAsync(Cluster cluster, double perSecond, Action<LoadClient> ready) =>
        ArriveAsync(cluster.Redis, cluster.PortFor, perSecond, ready);

    /// <param name="redis">Where tokens are minted.</param>
    /// <param name="portFor">Where to, by the number of the client.</param>
    /// <param name="perSecond">How many arrive in a second.</param>
    /// <param name="ready">Called when one is in.</param>
    /// <inheritdoc cref="ArriveAsync(Cluster, double, Action{LoadClient})"/>
    public async Task ArriveAsync(IDatabase redis, Func<int, int> portFor, double perSecond, Action<LoadClient> ready)
    {
        var tokens = await CredentialsAsync(redis);
        var arriving = new Task[Clients.Length];
        await Metronome.RunAsync(perSecond, Clients.Length, (index, due) => arriving[index] = Task.Run(
            () => ArriveAsync(index, redis, portFor(index), tokens[index], due, ready)));
        await Task.WhenAll(arriving);
    }

    /// <summary>Waits until all have seen that their server is gone.</summary>
    public Task ClosedAsync() => Task.WhenAll(Clients.Select(client => client.Closed));

    /// <summary>Replaces the clients that were closed by ones that know what those knew.</summary>
    public void ReplaceClosed() => Array.ForEach(Clients.Where(client => client.IsClosed).ToArray(), Replace);

    /// <summary>Ends all connections properly.</summary>
    public void CloseAll() => Array.ForEach(Clients, client => client.Close());

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        _receipts.Dispose();
        await Task.WhenAll(_keepingAlive, _telling);
        CloseAll();
    }

    /// <exception cref="InvalidOperationException">It does not get in, however often it tries.</exception>
    private async Task ArriveAsync(int index, IDatabase redis, int port, string? token, long due, Action<LoadClient> ready)
    {
        for (var attempt = 1; !await TryConnectAsync(Clients[index], port, token, due, isLast: attempt == MostAttempts); attempt++)
        {
            Interlocked.Increment(ref _failures);
            await Task.Delay(BetweenAttempts, TimeProvider.System);
            token = WebApp is null ? (await _system.MintAsync(redis, [Users[index]]))[0] : null;
            Replace(Clients[index]);
        }

        ready(Clients[index]);
    }

    private async Task<string?[]> CredentialsAsync(IDatabase redis)
    {
        if (WebApp is not null)
        {
            return new string?[Clients.Length];
        }

        string?[] secrets = [.. Clients.Select(client => ComesBackBySecret ? client.Secret : null)];
        var minted = new Queue<string>(await _system.MintAsync(redis, [.. Users.Where((_, index) => secrets[index] is null)]));
        return [.. secrets.Select(secret => secret ?? minted.Dequeue())];
    }

    private async Task<bool> TryConnectAsync(LoadClient client, int port, string? token, long due, bool isLast)
    {
        try
        {
            await client.ConnectAsync(port, token ?? await WebApp!.MintAsync(client.User), due);
            return true;
        }
        catch (Exception failure) when (!isLast && (failure is InvalidOperationException or SocketException))
        {
            return false;
        }
    }

    private void Replace(LoadClient client) => Clients[client.Index] = NewClient(client.User, client.Index, client.Cursor, client.Secret);

    private LoadClient NewClient(string user, int index, string? cursor = null, string? secret = null) =>
        new(user, index, _system.Dialect, Ledger) { Headers = _headers, Cursor = cursor, Secret = secret };

    private async Task TellAsync()
    {
        while (await _receipts.WaitForNextTickAsync())
        {
            foreach (var client in TellsReceipts ? Clients : [])
            {
                client.TellHandled(UntilReceipt);
            }
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
