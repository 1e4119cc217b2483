using RabbitMQ.Client;

namespace RealtimeHub.Ingress.RabbitMq;

/// <summary>The exchange and the queues on the broker: declared if they are missing, unchanged if they exist as they should.</summary>
internal static class RabbitMqTopology
{
    private static readonly string[] RoutingKeys = ["user.#", "group.#", "everyone"];

    /// <summary>
    /// After how many deliveries a quorum queue gives a message up, as one that may kill every node. RabbitMQ 4 would give up after 20, and
    /// each restart of a node counts as a delivery of every message that it held. No number means "never" to all versions: to 3.10, -1
    /// means "at once".
    /// </summary>
    private const int DeliveryLimit = 1_000;

    /// <summary>The dead-letter queue has no dead-letter queue of its own: a message that it gives up is gone.</summary>
    private const int DeadDeliveryLimit = int.MaxValue;

    public static async Task DeclareAsync(IChannel channel, RabbitMqOptions options, CancellationToken cancellationToken)
    {
        await channel.ExchangeDeclareAsync(options.Exchange, ExchangeType.Topic, durable: true, cancellationToken: cancellationToken);
        await DeclareQueueAsync(options.DeadQueue, ArgumentsOf(options, DeadDeliveryLimit));
        await DeclareQueueAsync(options.Queue, QueueArguments(options));
        foreach (var key in RoutingKeys)
        {
            await channel.QueueBindAsync(options.Queue, options.Exchange, key, cancellationToken: cancellationToken);
        }

        Task DeclareQueueAsync(string queue, Dictionary<string, object?> arguments) => channel.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);
    }

    private static Dictionary<string, object?> QueueArguments(RabbitMqOptions options)
    {
        var arguments = ArgumentsOf(options, DeliveryLimit);
        arguments[Headers.XDeadLetterExchange] = "";
        arguments[Headers.XDeadLetterRoutingKey] = options.DeadQueue;
        if (options.SingleActiveConsumer)
        {
            arguments[Headers.XSingleActiveConsumer] = true;
        }

        return arguments;
    }

    private static Dictionary<string, object?> ArgumentsOf(RabbitMqOptions options, int deliveryLimit)
    {
        var arguments = new Dictionary<string, object?> { [Headers.XQueueType] = options.QueueType };
        if (options.QueueType == "quorum")
        {
            arguments["x-delivery-limit"] = deliveryLimit;
        }

        return arguments;
    }
}
