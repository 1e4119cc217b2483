using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Publishing;

/// <summary>
/// Publishes messages, from the hub's own process or from any other that has <c>AddRealtimeHubPublisher()</c>.
/// </summary>
/// <remarks>
/// Each message reaches every client of its address at least once within retention, and is handled there once: who is connected gets it
/// now, who is away when it comes back. All clients of an address see one order, that of the log; one publisher's messages stand there in
/// the order in which their calls were made, if each was awaited or they were one batch. Between addresses there is no order.
/// </remarks>
public interface IPublisher
{
    /// <summary>Publishes one message. When this returns the message stands in the log of its address, unless it is transient.</summary>
    /// <param name="address">Where it goes.</param>
    /// <param name="type">What the clients' handlers are chosen by: 1 to 128 characters without control characters.</param>
    /// <param name="payload">What is serialized as JSON with the defaults of the web (camel case), at most 64 KB, nested 32 levels deep at
    /// the most; a <c>JsonElement</c> goes as it is.</param>
    /// <param name="options">Null: durable, as long as it is retained, without an idempotency key.</param>
    /// <param name="cancellationToken">Ends the waiting. The message may be published nevertheless.</param>
    /// <returns>The message's id; with an idempotency key that was seen within five minutes, the id of the first.</returns>
    /// <exception cref="ArgumentException">The address, the type, the payload or an option breaks its rule; nothing was sent.</exception>
    /// <exception cref="IdempotencyConflictException">The idempotency key stands for another message at this address; nothing was
    /// published.</exception>
    /// <exception cref="StoreUnavailableException">
    /// Redis did not answer. The message may be published nevertheless; with an idempotency key it is safe to try again.
    /// </exception>
    Task<string> PublishAsync<TPayload>(
        Address address, string type, TPayload payload, PublishOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Publishes many in one flush, those of one address in their order. What breaks a rule is found before any is sent.</summary>
    /// <remarks>
    /// Of those of one address that have idempotency keys, none is published before the one ahead of it, even if some fail: the same batch
    /// again keeps their order.
    /// </remarks>
    /// <returns>Their ids, in the same order.</returns>
    /// <exception cref="ArgumentException">One of them breaks a rule; nothing was sent.</exception>
    /// <exception cref="IdempotencyConflictException">An idempotency key stands for another message at its address; the others are
    /// published.</exception>
    /// <exception cref="StoreUnavailableException">Redis did not answer to some. Those with an idempotency key may safely be tried
    /// again.</exception>
    Task<IReadOnlyList<string>> PublishAsync(IReadOnlyList<Publication> publications, CancellationToken cancellationToken = default);
}
