using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace RealtimeHub.Ingress.RabbitMq;

/// <summary>
/// The messages that the broker has delivered on a channel and nobody has taken yet, in order. Never more than the prefetch.
/// </summary>
internal sealed class DeliveryBuffer(IChannel channel) : AsyncDefaultBasicConsumer(channel)
{
    private readonly Channel<QueuedMessage> _messages = System.Threading.Channels.Channel.CreateUnbounded<QueuedMessage>();
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Fails when no more messages can arrive, with the reason.</summary>
    public Task Lost => _lost.Task;

    /// <summary>Everything that has arrived, at least one message.</summary>
    public async Task<IReadOnlyList<QueuedMessage>> NextAsync(CancellationToken cancellationToken)
    {
        var batch = new List<QueuedMessage> { await _messages.Reader.ReadAsync(cancellationToken) };
        while (_messages.Reader.TryRead(out var message))
        {
            batch.Add(message);
        }

        return batch;
    }

    /// <remarks>The body's memory is the library's: it is good only until this returns.</remarks>
    public override Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
        IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        _messages.Writer.TryWrite(new QueuedMessage(deliveryTag, redelivered, exchange, routingKey, properties, body.ToArray()));
        return Task.CompletedTask;
    }

    public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        _lost.TrySetException(new InvalidOperationException("The queue was deleted, or its broker has left."));
        return base.HandleBasicCancelAsync(consumerTag, cancellationToken);
    }

    public override Task HandleChannelShutdownAsync(object channel, ShutdownEventArgs reason)
    {
        if (reason.Initiator != ShutdownInitiator.Application)
        {
            _lost.TrySetException(new OperationInterruptedException(reason));
        }

        return base.HandleChannelShutdownAsync(channel, reason);
    }
}
