namespace RealtimeHub.Ingress.RabbitMq;

/// <summary>Where RabbitMQ is, and the queue from which the nodes take messages. Section <c>RabbitMq</c>.</summary>
internal sealed class RabbitMqOptions
{
    public const string Section = "RabbitMq";

    public const int LargestPrefetch = 10_000;

    /// <summary>
    /// <c>amqp://user:password@host:5672/vhost</c>, or <c>amqps</c> for TLS. Empty, the default: the hub takes nothing from RabbitMQ.
    /// </summary>
    public string Uri { get; set; } = "";

    /// <summary>The durable topic exchange to which backends publish. Default <c>realtimehub</c>.</summary>
    public string Exchange { get; set; } = "realtimehub";

    /// <summary>
    /// The durable queue that all nodes share. Malformed messages go to a second queue, named like this one with <c>.dead</c> appended.
    /// Default <c>realtimehub</c>.
    /// </summary>
    public string Queue { get; set; } = "realtimehub";

    /// <summary>
    /// The type of both queues: <c>quorum</c>, the default, which is replicated over a cluster of brokers, or <c>classic</c>.
    /// </summary>
    public string QueueType { get; set; } = "quorum";

    /// <summary>The most messages that a node holds unacknowledged: 1 to 10,000, by default 200.</summary>
    public int Prefetch { get; set; } = 200;

    /// <summary>
    /// Whether only one node consumes at a time, and another takes over when it stops. This keeps the order of the queue.
    /// </summary>
    public bool SingleActiveConsumer { get; set; }

    internal string DeadQueue => Queue + ".dead";

    internal bool IsConfigured => !string.IsNullOrWhiteSpace(Uri);
}
