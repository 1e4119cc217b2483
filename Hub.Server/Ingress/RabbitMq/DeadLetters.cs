using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using RealtimeHub.Operations;

namespace RealtimeHub.Ingress.RabbitMq;

/// <summary>
/// Moves messages that cannot be delivered to the dead-letter queue, while the others are published. A message is first published there and
/// confirmed, and only then acknowledged here.
/// </summary>
internal sealed partial class DeadLetters(IChannel consuming, IChannel confirming, string queue, uint largestFrame, TimeProvider time,
    LogSummary summary, ILogger logger)
{
    /// <summary>The most characters of a reason. It may quote the message, and must have room in any frame.</summary>
    private const int LongestReason = 500;

    private const int PreconditionFailed = 406;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly Channel<(QueuedMessage Message, string Reason)> _waiting = Channel.CreateUnbounded<(QueuedMessage, string)>();
    private readonly Backoff _backoff = new(FirstWait, LongestWait, time, Jitter.Next);

    public void Add(QueuedMessage message, string reason) => _waiting.Writer.TryWrite((message, Printable.Text(reason, LongestReason)));

    public async Task RunAsync(CancellationToken ending)
    {
        await foreach (var (message, reason) in _waiting.Reader.ReadAllAsync(ending))
        {
            await BuryAsync(message, reason, ending);
            await consuming.BasicAckAsync(message.Tag, multiple: false, CancellationToken.None);
            summary.Report(
                "RabbitMqDeadLettered", $"{Printable.Text(message.RoutingKey)}: {reason}", (count, messages) => Log.Buried(logger, queue, count, messages));
        }
    }

    private async Task BuryAsync(QueuedMessage message, string reason, CancellationToken ending)
    {
        for (var isFirst = true; !await TryBuryAsync(message, reason, isFirst, ending); isFirst = false)
        {
            await _backoff.WaitAsync(ending);
        }

        _backoff.Reset();
    }

    /// <remarks>
    /// A full queue refuses only for a while. A deleted queue is declared again by the next connection, so this connection ends.
    /// </remarks>
    private async Task<bool> TryBuryAsync(QueuedMessage message, string reason, bool isFirst, CancellationToken ending)
    {
        try
        {
            await confirming.BasicPublishAsync(
                "", queue, mandatory: true, DeadLetterProperties.Of(message, reason, largestFrame), message.Body, ending);
            return true;
        }
        catch (Exception) when (confirming.CloseReason?.ReplyCode == PreconditionFailed)
        {
            // It would refuse it again and again: a body that is larger than it takes by now. What it has already it moves by itself. This
            // channel is closed; the next connection goes on.
            await consuming.BasicRejectAsync(message.Tag, requeue: false, CancellationToken.None);
            Log.Rejected(logger, Printable.Text(message.RoutingKey), reason, queue);
            throw;
        }
        catch (Exception refused)
            when (confirming.IsOpen && refused is not (OperationCanceledException or PublishException { IsReturn: true }))
        {
            if (isFirst)
            {
                Log.Refused(logger, queue, refused.Message);
            }

            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(21, LogLevel.Warning, "Messages that cannot be delivered lie in {Queue} ({Count}), by routing key and reason: {Messages}", EventName = "RabbitMqDeadLettered")]
        public static partial void Buried(ILogger logger, string queue, long count, string messages);

        [LoggerMessage(23, LogLevel.Warning, "A message with the routing key {RoutingKey} cannot be delivered: {Reason} It lies in {Queue} without the reason: RabbitMQ does not take it from the hub.", EventName = "RabbitMqRejected")]
        public static partial void Rejected(ILogger logger, string routingKey, string reason, string queue);

        [LoggerMessage(22, LogLevel.Error, "RabbitMQ does not take a message into {Queue} ({Reason}). It stays in its own queue and is tried again; others go on.", EventName = "RabbitMqDeadLetterRefused")]
        public static partial void Refused(ILogger logger, string queue, string reason);
    }
}
