using RealtimeHub.Operations;

namespace RealtimeHub.Publishing;

/// <summary>How a message is published.</summary>
public sealed record PublishOptions
{
    /// <summary>The longest time to live: a year.</summary>
    public static readonly TimeSpan LongestTimeToLive = TimeSpan.FromDays(365);

    /// <summary>
    /// 1 to 256 characters without control characters. For five minutes the same key at the same address answers with the first message's
    /// id and publishes nothing, whichever process shows it; with another type or payload it is an
    /// <see cref="Routing.IdempotencyConflictException"/>. The keys of backends that come by the HTTP API or RabbitMQ are their own: they
    /// never meet these.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>
    /// How long after publishing the message may still be delivered, a millisecond to a year. Null: as long as it is retained.
    /// </summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>
    /// Only for who is connected now, at most once, in no log: typing, pointers. Excludes the other two, which mean nothing to it.
    /// </summary>
    public bool Transient { get; init; }

    /// <summary>
    /// Who publishes, which is whose the idempotency key is: whatever uses <see cref="IPublisher"/>, or a backend behind a door.
    /// </summary>
    internal string Backend { get; init; } = "process";

    /// <summary>The idempotency key with whose it is: no two backends' are alike.</summary>
    internal string? BackendsKey => IdempotencyKey is { } key ? $"{Uri.EscapeDataString(Backend)}:{key}" : null;

    /// <summary>What is wrong with the options, in words, or null.</summary>
    internal string? Mistake() => this switch
    {
        { IdempotencyKey: { } key } when !Identifier.IsValid(key) => $"The idempotency key {Identifier.Rule}.",
        { TimeToLive: { } time } when time < TimeSpan.FromMilliseconds(1) || time > LongestTimeToLive => "The time to live must be a millisecond to a year.",
        { Transient: true } when IdempotencyKey is not null || TimeToLive is not null => "A transient message has neither an idempotency key nor a time to live.",
        _ => null,
    };
}
