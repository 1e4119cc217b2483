using RabbitMQ.Client;
using RealtimeHub.Operations;
using RealtimeHub.Publishing;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Ingress.RabbitMq;

/// <summary>Publishes what arrives, in batches and in the queue's order, and acknowledges a message once the log holds it.</summary>
internal sealed partial class QueuePublishing(
    IChannel channel, Publisher publisher, DeadLetters deadLetters, TimeProvider time, LogSummary summary, ILogger logger)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly Backoff _backoff = new(FirstWait, LongestWait, time, Jitter.Next);

    public async Task RunAsync(DeliveryBuffer deliveries, CancellationToken ending)
    {
        while (true)
        {
            var batch = await deliveries.NextAsync(ending);
            await PublishAsync(await SortAsync(batch), ending);
        }
    }

    /// <remarks>
    /// Messages for which Redis did not answer are tried again, in order and with their idempotency keys, before anything after them is
    /// published.
    /// </remarks>
    private async Task PublishAsync(List<Pending> pending, CancellationToken ending)
    {
        var isHolding = false;
        while ((pending = await PublishOnceAsync(pending)).Count > 0)
        {
            if (!isHolding)
            {
                Log.Holding(logger, pending.Count);
                isHolding = true;
            }

            await _backoff.WaitAsync(ending);
        }

        _backoff.Reset();
        if (isHolding)
        {
            Log.GoingOn(logger);
        }
    }

    /// <returns>Those to which Redis did not answer.</returns>
    private async Task<List<Pending>> PublishOnceAsync(List<Pending> pending)
    {
        var ids = publisher.PublishEach([.. pending.Select(message => message.Envelope)]);
        await ((Task)Task.WhenAll(ids)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var left = new List<Pending>();
        for (var index = 0; index < ids.Count; index++)
        {
            if (!await SettleAsync(pending[index], ids[index].Exception?.InnerException))
            {
                left.Add(pending[index]);
            }
        }

        return left;
    }

    /// <summary>
    /// Whether a message needs no other attempt. A transient one never does: it is for the clients that are connected now, at most once.
    /// </summary>
    private async Task<bool> SettleAsync(Pending message, Exception? failure)
    {
        if (failure is StoreUnavailableException && !message.Envelope.IsTransient)
        {
            return false;
        }

        if (failure is null or StoreUnavailableException)
        {
            await AcknowledgeAsync(message.Source);
            return true;
        }

        if (failure is IdempotencyConflictException)
        {
            deadLetters.Add(message.Source, failure.Message);
            return true;
        }

        summary.Report("RabbitMqFailed", $"{message.Envelope.Address}", (count, addresses) => Log.Failed(logger, failure, count, addresses));
        deadLetters.Add(message.Source, $"The hub could not publish it: {failure.GetType().Name}, see its log.");
        return true;
    }

    /// <summary>Puts what is malformed aside, and leaves the rest.</summary>
    private async Task<List<Pending>> SortAsync(IReadOnlyList<QueuedMessage> batch)
    {
        var pending = new List<Pending>(batch.Count);
        foreach (var message in batch)
        {
            if (!message.TryRead(out var publication, out var mistake))
            {
                deadLetters.Add(message, mistake);
            }
            else if (message.IsRedelivered && publication.IsTransient)
            {
                // At most once: the node that had it before may have published it.
                await AcknowledgeAsync(message);
            }
            else
            {
                pending.Add(new Pending(message, publisher.Encode(publication) with { TraceParent = message.TraceParent }));
            }
        }

        return pending;
    }

    private ValueTask AcknowledgeAsync(QueuedMessage message) => channel.BasicAckAsync(message.Tag, multiple: false);

    /// <summary>What is to be published. It is encoded once, even if it is tried more often.</summary>
    private sealed record Pending(QueuedMessage Source, Envelope Envelope);

    private static partial class Log
    {
        [LoggerMessage(11, LogLevel.Warning, "Redis does not answer. {Count} messages from RabbitMQ are held, unacknowledged, and tried again before any other.", EventName = "RabbitMqHolding")]
        public static partial void Holding(ILogger logger, int count);

        [LoggerMessage(12, LogLevel.Information, "Redis answers again: what was held from RabbitMQ is published, and the queue goes on.", EventName = "RabbitMqGoingOn")]
        public static partial void GoingOn(ILogger logger);

        [LoggerMessage(13, LogLevel.Error, "Could not publish messages from RabbitMQ ({Count}), to {Addresses}. They go to the dead-letter queue.", EventName = "RabbitMqFailed")]
        public static partial void Failed(ILogger logger, Exception failure, long count, string addresses);
    }
}
