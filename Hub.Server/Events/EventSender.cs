using System.Runtime.CompilerServices;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RealtimeHub.Authentication;
using RealtimeHub.Ingress.RabbitMq;
using RealtimeHub.Operations;
using RealtimeHub.Redis;
using RealtimeHub.Routing.Events;

namespace RealtimeHub.Events;

/// <summary>
/// Sends the events that wait, whichever node has recorded them: those of a user one after the other, some users side by side. An event is
/// out of the queue when every sink has taken it.
/// </summary>
/// <remarks>A node without its consumer is degraded, not unready: it still serves its users.</remarks>
internal sealed partial class EventSender(
    IEventQueue queue, IReadOnlyList<IEventSink> sinks, TimeProvider time, ILogger<EventSender> logger) : BackgroundService, IHealthCheck
{
    /// <summary>How long a user is leased: if this node dies, another sends on after it.</summary>
    internal static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(1);

    private const int UsersAtOnce = 16;
    private const int EventsAtOnce = 100;

    /// <summary>An event is begun only so long after the lease that it is taken, or given up, before another may have the user.</summary>
    private static readonly TimeSpan SafeTime = LeaseTime - TimeSpan.FromSeconds(25);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly Backoff _backoff = new(FirstWait, LongestWait, time, Jitter.Next);
    private volatile EventFault? _fault;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
        _fault is { } fault
            ? HealthCheckResult.Degraded($"{fault.Summary} Events wait.")
            : HealthCheckResult.Healthy("Events are taken."));

    /// <remarks>When the node stops, what is under way is finished, and what waits is released for another.</remarks>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var sending = new ParallelOptions { MaxDegreeOfParallelism = UsersAtOnce, CancellationToken = stoppingToken };
        await Parallel.ForEachAsync(DueAsync(stoppingToken), sending, (due, _) => SendAsync(due.Lease, due.Taken, stoppingToken))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Users whose turn it is. While the consumer is away, one now and then, to see whether it is back.</summary>
    private async IAsyncEnumerable<(EventLease Lease, long Taken)> DueAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var taken = time.GetTimestamp();
            var leases = await LeaseAsync(_fault is null ? UsersAtOnce : 1);
            foreach (var lease in leases)
            {
                yield return (lease, taken);
            }

            await (_fault is not null ? _backoff.WaitAsync(stopping)
                : leases.Count < UsersAtOnce ? Task.Delay(BetweenLooks, time, stopping)
                : Task.CompletedTask);
        }
    }

    private async Task<IReadOnlyList<EventLease>> LeaseAsync(int most)
    {
        try
        {
            return await queue.LeaseAsync(most, LeaseTime);
        }
        catch (StoreUnavailableException)
        {
            // RedisConnection logs it.
            return [];
        }
    }

    private async ValueTask SendAsync(EventLease lease, long taken, CancellationToken stopping)
    {
        try
        {
            var pause = await SendAllAsync(lease, taken, stopping);
            await queue.ReleaseAsync(lease, pause);
        }
        catch (StoreUnavailableException)
        {
            // The lease ends by itself. What was sent and is not out of the queue is sent again.
        }
        catch (Exception failure)
        {
            // Somebody has put something else under our key: that may not end the sending for all others.
            Log.Failed(logger, lease.User, failure);
        }
    }

    /// <returns>How long the next attempt is to wait.</returns>
    private async Task<TimeSpan> SendAllAsync(EventLease lease, long taken, CancellationToken stopping)
    {
        foreach (var (place, told) in await queue.ReadAsync(lease.User, EventsAtOnce))
        {
            if (stopping.IsCancellationRequested || time.GetElapsedTime(taken) > SafeTime)
            {
                break;
            }

            if (CanaryUsers.IsNamedLikeOne(lease.User.Name))
            {
                // A node that warms up: nobody is to be told of it.
                await queue.RemoveAsync(lease.User, place);
                continue;
            }

            if (told is null)
            {
                // Of a later version, whose nodes send it; those behind it are not to overtake it.
                return LongestPause;
            }

            if (await FaultOfAsync(lease, told) is { } fault)
            {
                Report(fault);
                return PauseAfter(told, fault.IsOfAll ? LongestWait : LongestPause);
            }

            Report(null);
            await queue.RemoveAsync(lease.User, place);
        }

        return TimeSpan.Zero;
    }

    private async Task<EventFault?> FaultOfAsync(EventLease lease, HubEvent told)
    {
        foreach (var sink in sinks)
        {
            if (await sink.TakeAsync(lease.User, told) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    /// <summary>Longer each time, without a count of the attempts.</summary>
    private TimeSpan PauseAfter(HubEvent refused, TimeSpan longest)
    {
        var quarter = (time.GetUtcNow() - refused.Time) / 4;
        return quarter < ShortestPause ? ShortestPause : quarter > longest ? longest : quarter;
    }

    /// <remarks>A line for each change, not for each attempt.</remarks>
    private void Report(EventFault? fault)
    {
        if (fault is { IsOfAll: false })
        {
            Log.Refused(logger, fault.Summary);
            fault = null;
        }

        var before = Interlocked.Exchange(ref _fault, fault);
        if (fault is null && before is not null)
        {
            _backoff.Reset();
            Log.Back(logger);
        }
        else if (fault is not null && before?.Summary != fault.Summary)
        {
            Log.Away(logger, fault.Summary);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Events wait. {Reason} Trying again; the hub goes on.", EventName = "EventsWait")]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Information, "Events are taken again, and what has waited is sent.", EventName = "EventsGoOn")]
        public static partial void Back(ILogger logger);

        [LoggerMessage(3, LogLevel.Warning, "{Reason} Those of its user wait, and are tried again after a while; others go on.", EventName = "EventRefused")]
        public static partial void Refused(ILogger logger, string reason);

        [LoggerMessage(4, LogLevel.Error, "Events of {User} could not be sent. What Redis holds there may not be the hub's.", EventName = "EventsFailed")]
        public static partial void Failed(ILogger logger, Routing.Address user, Exception failure);
    }
}
