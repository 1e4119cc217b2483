using RabbitMQ.Client;
using RealtimeHub.Operations;
using RealtimeHub.Publishing;

namespace RealtimeHub.Ingress.RabbitMq;

/// <summary>One connection to the broker, from its opening to its end. Nothing of it is recovered: after it comes another.</summary>
internal sealed class RabbitMqSession : IAsyncDisposable
{
    /// <summary>
    /// A node that is cut off is noticed within twice this, and what it held goes to another while its idempotency keys are remembered.
    /// </summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The most that a broker may be set to accept. What is larger than we allow must still be taken, so that it can be put aside.
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

    /// <summary>Publishes what the queue delivers until the node stops; throws when the connection or the queue is lost.</summary>
    /// <remarks>
    /// At a stop the batch in hand is finished. The consumer is not cancelled before: with a single active consumer another node would go
    /// on behind messages that this one still holds. When the connection closes, what is left goes back to its place in the queue.
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
    /// Has the broker put the message at the head of the queue aside, over which the connection ends. After this there must be another.
    /// </summary>
    /// <remarks>
    /// It is refused before it has come: once it is here it is too late. What becomes of the question is not told when the connection ends
    /// over its answer.
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
