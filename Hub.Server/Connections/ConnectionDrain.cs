using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using RealtimeHub.Authentication;
using RealtimeHub.Delivery;
using RealtimeHub.Nodes;
using RealtimeHub.Operations;

namespace RealtimeHub.Connections;

/// <summary>
/// Sends this node's clients to others, when the host begins to stop or somebody asks for it: no new ones come in, and each of those that
/// are here is told to move at a moment of its own. Who can come back without a token is asked to open the other connection first, and has
/// some time for it.
/// </summary>
/// <remarks>
/// SignalR ends all connections at the same moment, without telling why. The callback that was registered last is called first, so the
/// drain is registered after everything else.
/// </remarks>
internal sealed partial class ConnectionDrain(
    ConnectionRegistry registry, CallEncoder calls, DrainState state, NodeRequests requests, IOptions<DrainOptions> options,
    IHostApplicationLifetime lifetime, TimeProvider time, IMeterFactory meters, ILogger<ConnectionDrain> logger) : IHostedService
{
    /// <summary>Clients that are still connected so long after they were told are cut off.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan LongestMove = TimeSpan.FromSeconds(10);

    /// <summary>How long a client may take to move by itself: no longer than it takes to tell all of them.</summary>
    private readonly TimeSpan _timeToMove = options.Value.Time < LongestMove ? options.Value.Time : LongestMove;

    private readonly Lock _lock = new();
    private Task? _draining;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        meters.ObserveState("realtimehub.node.draining", "Whether the node sends its clients to others.", () => state.IsDraining);

        // The host calls this synchronously, so it can only block.
        lifetime.ApplicationStarted.Register(() => lifetime.ApplicationStopping.Register(() => Task.WaitAll(DrainAsync())));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Returns when everybody has gone, or has had the time to. To ask again changes nothing.</summary>
    public Task DrainAsync()
    {
        lock (_lock)
        {
            state.Begin();
            return _draining ??= MoveAsync([.. registry.Connections.Where(connection => !connection.IsCanary)]);
        }
    }

    /// <summary>Begins what another node asks for, and tells it how long that takes.</summary>
    public Task HandleAsync(DrainNode asked) => requests.TellAsync(asked, Begin, NodeCommandJson.Default.DrainAnswer);

    private DrainAnswer Begin()
    {
        var connections = registry.Count;
        _ = DrainAsync();
        return new DrainAnswer(connections, DrainSchedule.TimeFor(connections, options.Value.Time).TotalSeconds);
    }

    private async Task MoveAsync(ClientConnection[] connections)
    {
        Log.Draining(logger, connections.Length, DrainSchedule.TimeFor(connections.Length, options.Value.Time).TotalSeconds);
        var (begun, move) = (time.GetTimestamp(), calls.Encode("Move"));
        (ClientConnection Connection, TimeSpan Moment)[] told =
            [.. connections.Zip(DrainSchedule.MomentsOf(connections.Length, options.Value.Time, Jitter.Next))];
        var closing = AtMomentsAsync(
            begun, told.Where(one => Moves(one.Connection)).Select(one => (one.Connection, one.Moment + _timeToMove)), Close);
        await AtMomentsAsync(begun, told, connection =>
        {
            if (Moves(connection))
            {
                connection.Outbox.Write(new Outgoing(move));
            }
            else
            {
                Close(connection);
            }
        });
        await Task.WhenAny(closing, registry.WhenEmptyAsync());
        await registry.WhenEmptyAsync().WaitAsync(Timeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Log.Drained(logger, registry.Count);
        foreach (var left in registry.Connections)
        {
            left.Abort();
        }
    }

    private bool Moves(ClientConnection connection) => connection.MayMove && _timeToMove > TimeSpan.Zero;

    private static void Close(ClientConnection connection) => connection.Close(CloseReason.NodeStopping);

    private async Task AtMomentsAsync(
        long begun, IEnumerable<(ClientConnection Connection, TimeSpan Moment)> connections, Action<ClientConnection> act)
    {
        foreach (var (connection, moment) in connections)
        {
            var wait = moment - time.GetElapsedTime(begun);
            await (wait > TimeSpan.Zero ? Task.Delay(wait, time) : Task.CompletedTask);
            if (registry.TryFind(connection.Id, out _))
            {
                act(connection);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "This node takes no new connections. Its {Count} are told to move to other nodes, spread over {Seconds:0.#} seconds.", EventName = "Draining")]
        public static partial void Draining(ILogger logger, int count, double seconds);

        [LoggerMessage(2, LogLevel.Information, "This node is drained. {Count} connections have not gone by themselves, and are cut off.", EventName = "Drained")]
        public static partial void Drained(ILogger logger, int count);
    }
}
