using RabbitMQ.Client;
using RealtimeHub.Operations;
using RealtimeHub.Publishing;

namespace RealtimeHub.Ingress.RabbitMq;

/// <summary>
/// One connection to the broker, from its opening to its end. The library does not recover it: the consumer opens a new one.
/// </summary>
internal sealed class RabbitMqSession : IAsyncDisposable
{
    /// <summary>
    /// The broker notices a node that is cut off within twice this time. Its messages then go to another node while their idempotency keys
    /// are still remembered.
    /// </summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The largest message that any broker can be set to accept. The hub must receive even what it refuses, to move it to the dead-letter
    /// queue.
    /// </summary>
    private const uint LargestMessage = 512 * 1024 * 1024;

    private readonly IConnection _connection;
    private readonly RabbitMqOptions _options;

    private RabbitMqSession(IConnection connection, RabbitMqOptions options) => (_connection, _options) = (connection, options);

    public static ConnectionFactory FactoryFor(RabbitMqOptions options) => new()
    {
        Uri = new Uri(options.Uri),
        ClientProvidedName = "RealtimeHub",
        RequestedHeartbeat = Heartbeat,
        MaxInboundMessageBodySize = LargestMessage,
        AutomaticRecoveryEnabled = false,
        TopologyRecoveryEnabled = false,
    };

    /// <summary>Connects, and makes the exchange and the queues where they are missing.</summary>
    public static async Task<RabbitMqSession> OpenAsync(
        ConnectionFactory factory, RabbitMqOptions options, CancellationToken cancellationToken)
    {
        var session = new RabbitMqSession(await factory.CreateConnectionAsync(cancellationToken), options);
        try
        {
            FrameTooLargeException.ThrowIfTooLarge(session._connection.FrameMax);
            await using var channel = await session._connection.CreateChannelAsync(cancellationToken: cancellationToken);
            await RabbitMqTopology.DeclareAsync(channel, options, cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Publishes what the queue delivers until the node stops. Throws when the connection or the queue is lost.</summary>
    /// <remarks>
    /// When the node stops, the current batch is finished first, and the consumer is not cancelled before that. With a single active
    /// consumer, another node would otherwise go on with later messages while this one still holds earlier ones. When the connection
    /// closes, the remaining messages return to their place in the queue.
    /// </remarks>
    public async Task ConsumeAsync(
        int prefetch, Publisher publisher, TimeProvider time, LogSummary summary, ILogger logger, CancellationToken stopping)
    {
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: stopping);
        await using var confirming = await _connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), stopping);
        var deliveries = new DeliveryBuffer(channel);
        var deadLetters = new DeadLetters(channel, confirming, _options.DeadQueue, _connection.FrameMax, time, summary, logger);
        await channel.BasicQosAsync(prefetchSize: 0, (ushort)prefetch, global: false, stopping);
        await channel.BasicConsumeAsync(_options.Queue, autoAck: false, deliveries, stopping);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task[] works =
        [
            new QueuePublishing(channel, publisher, deadLetters, time, summary, logger).RunAsync(deliveries, ending.Token),
            deadLetters.RunAsync(ending.Token),
        ];
        var ended = await Task.WhenAny([deliveries.Lost, .. works]);
        await ending.CancelAsync();
        await Task.WhenAll(works).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ended;
    }

    /// <summary>
    /// Has the broker move the message at the head of the queue to the dead-letter queue. This ends the connection, so a new one is needed.
    /// </summary>
    /// <remarks>
    /// The message is refused before it arrives, because its arrival ends the connection. That end also hides whether the request
    /// succeeded.
    /// </remarks>
    public async Task PassOverAsync(CancellationToken stopping)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connection.ConnectionShutdownAsync += (_, _) =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: stopping);
        var read = channel.BasicGetAsync(_options.Queue, autoAck: false, stopping);
        await channel.BasicRejectAsync(deliveryTag: 1, requeue: false, stopping);
        await Task.WhenAny(read, closed.Task).WaitAsync(stopping);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
