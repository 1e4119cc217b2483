using System.Diagnostics.Metrics;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using RealtimeHub.Operations;
using RealtimeHub.Redis;

namespace RealtimeHub.Routing.Events;

/// <summary>
/// Takes down what happens on this node, and writes it into the queue right behind: nobody to whom something happens waits for that. While
/// Redis is away it keeps the latest.
/// </summary>
internal sealed partial class EventRecorder : BackgroundService
{
    /// <summary>The most events that are kept while Redis is away.</summary>
    internal const int MostKept = 10_000;

    private const int AtOnce = 500;

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    /// <summary>How long a node that ends waits for Redis.</summary>
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(5);

    private readonly IEventQueue _queue;
    private readonly RecordedEvents _kinds;
    private readonly TimeProvider _time;
    private readonly LogSummary _summary;
    private readonly ILogger<EventRecorder> _logger;
    private readonly Channel<(Address User, HubEvent Event)> _recorded;
    private long _lost;

    public EventRecorder(
        IEventQueue queue, RecordedEvents kinds, TimeProvider time, IMeterFactory meters, LogSummary summary,
        ILogger<EventRecorder> logger)
    {
        (_queue, _kinds, _time, _summary, _logger) = (queue, kinds, time, summary, logger);
        meters.CreateHubMeter().CreateObservableCounter(
            "realtimehub.events.lost", () => Volatile.Read(ref _lost), "{event}", "Events for backends that had to go before they were sent.");
        _recorded = Channel.CreateBounded<(Address, HubEvent)>(
            new BoundedChannelOptions(MostKept) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            lost => Lose(lost.Item1, 1));
    }

    /// <summary>Takes down that something has happened now, if a backend wants to know.</summary>
    /// <param name="user">To whom.</param>
    /// <param name="type">One of <see cref="EventType"/>.</param>
    /// <param name="data">What belongs to it.</param>
    /// <param name="json">How it is written.</param>
    public void Record<TData>(Address user, string type, TData data, JsonTypeInfo<TData> json)
    {
        if (_kinds.OfConnections)
        {
            _recorded.Writer.TryWrite((user, HubEvent.Of(type, _time.GetUtcNow(), data, json)));
        }
    }

    /// <summary>Writes what was taken down until now.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _recorded.Writer.TryComplete();
        await (ExecuteTask ?? Task.CompletedTask).WaitAsync(LongestEnd, _time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    /// <remarks>One reader, so the events of a user are written in the order in which they were taken down.</remarks>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await HasMoreAsync(stoppingToken))
        {
            var taken = new List<(Address User, HubEvent Event)>();
            while (taken.Count < AtOnce && _recorded.Reader.TryRead(out var next))
            {
                taken.Add(next);
            }

            await Task.WhenAll(taken.GroupBy(each => each.User, each => each.Event)
                .Select(user => AddAsync(user.Key, [.. user], stoppingToken)));
        }
    }

    /// <returns>
    /// False when it is stopped; or given up with a host that could not start, which would take an exception for a failure.
    /// </returns>
    private async ValueTask<bool> HasMoreAsync(CancellationToken stopping)
    {
        try
        {
            return await _recorded.Reader.WaitToReadAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <remarks>
    /// Whether a command was carried out whose answer was lost, nobody knows: then the events come twice, with the same ids.
    /// </remarks>
    private async Task AddAsync(Address user, IReadOnlyList<HubEvent> events, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                var gone = await _queue.AddAsync(user, events);
                if (gone > 0)
                {
                    Lose(user, gone);
                }

                return;
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(AfterFailure, _time, stopping);
            }
            catch (Exception failure)
            {
                // Somebody has put something else under our key: that may not end the events of all others.
                Log.NotRecorded(_logger, user, events.Count, failure);
                Interlocked.Add(ref _lost, events.Count);
                return;
            }
        }
    }

    private void Lose(Address user, int count)
    {
        Interlocked.Add(ref _lost, count);
        _summary.Report("EventsLost", user.ToString(), (times, users) => Log.Lost(_logger, times, users));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Events for backends have waited for too long, and the oldest had to go ({Count} times), of {Users}. Is the consumer away, or Redis?", EventName = "EventsLost")]
        public static partial void Lost(ILogger logger, long count, string users);

        [LoggerMessage(2, LogLevel.Error, "Events of {User} could not be written ({Count}). What Redis holds there may not be the hub's.", EventName = "EventsNotRecorded")]
        public static partial void NotRecorded(ILogger logger, Address user, int count, Exception failure);
    }
}
