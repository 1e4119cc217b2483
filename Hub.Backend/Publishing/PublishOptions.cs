using RealtimeHub.Operations;

namespace RealtimeHub.Publishing;

/// <summary>How a message is published.</summary>
public sealed record PublishOptions
{
    /// <summary>The longest time to live: a year.</summary>
    public static readonly TimeSpan LongestTimeToLive = TimeSpan.FromDays(365);

    private const string OfProcess = "process";

    /// <summary>
    /// 1 to 256 characters without control characters. For five minutes, the same key at the same address publishes nothing and returns the
    /// id of the first message, in any process. If type or payload differ, it throws an
    /// <see cref="Routing.IdempotencyConflictException"/>. Backends that use the HTTP API or RabbitMQ have keys of their own, which never
    /// conflict with these.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>
    /// How long after publishing the message may still be delivered, a millisecond to a year. Null: as long as it is retained.
    /// </summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>
    /// Whether the message is only for the clients that are connected now, at most once, and kept in no log: typing, pointers. Cannot be
    /// combined with the other two options, which need a log.
    /// </summary>
    public bool Transient { get; init; }

    /// <summary>
    /// Whether a backend that has events is told when the first device of the user has handled the message (<c>message.handled</c>). Only
    /// for a message to a user that is not transient.
    /// </summary>
    public bool Receipt { get; init; }

    /// <summary>Whether the caller waits until it is handled.</summary>
    internal bool IsAwaited { get; init; }

    /// <summary>
    /// Who publishes, and so owns the idempotency key: the backend of the HTTP API or RabbitMQ; null for all code that uses
    /// <see cref="IPublisher"/>.
    /// </summary>
    internal string? Backend { get; init; }

    /// <summary>The backend in characters that separate nothing where it is written.</summary>
    internal string? EncodedBackend => Backend is { } backend ? Uri.EscapeDataString(backend) : null;

    /// <summary>The idempotency key with its owner, so that the keys of two backends never conflict.</summary>
    internal string? BackendsKey => IdempotencyKey is { } key ? $"{EncodedBackend ?? OfProcess}:{key}" : null;

    /// <summary>What is wrong with the options, in words, or null.</summary>
    internal string? Mistake() => this switch
    {
        { IdempotencyKey: { } key } when !Identifier.IsValid(key) => $"The idempotency key {Identifier.Rule}.",
        { TimeToLive: { } time } when time < TimeSpan.FromMilliseconds(1) || time > LongestTimeToLive => "The time to live must be a millisecond to a year.",
        { Transient: true } when IdempotencyKey is not null || TimeToLive is not null => "A transient message has neither an idempotency key nor a time to live.",
        { Transient: true, Receipt: true } => "Of a transient message there is no receipt.",
        _ => null,
    };
}
