using RabbitMQ.Client;

namespace RealtimeHub.Ingress.RabbitMq;

/// <summary>What must be there on the broker: made if it is not, left alone if it is as it should be.</summary>
internal static class RabbitMqTopology
{
    private static readonly string[] RoutingKeys = ["user.#", "group.#", "everyone"];

    /// <summary>
    /// After how many deliveries a quorum queue takes a message for one that kills every node, and gives it up. RabbitMQ 4 would give up
    /// after 20, and each restart of a node counts for all that it held. There is no number for "never" that all versions know: 3.10 takes
    /// -1 for "at once".
    /// </summary>
    private const int DeliveryLimit = 1_000;

    /// <summary>Behind the dead-letter queue there is no other: what it gives up is gone.</summary>
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
