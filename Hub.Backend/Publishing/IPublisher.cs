using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Publishing;

/// <summary>
/// Publishes messages, from the hub's own process or from any other that has <c>AddRealtimeHubPublisher()</c>.
/// </summary>
/// <remarks>
/// Each message reaches every client of its address at least once within retention, and is handled there once. Connected clients get it
/// now, the others when they come back. All clients of an address see the same order, that of the log. The messages of one publisher are in
/// the order of its calls if it awaits each call, or if they are one batch. There is no order between addresses.
/// </remarks>
public interface IPublisher
{
    /// <summary>Publishes one message. When this returns, the message is in the log of its address, unless it is transient.</summary>
    /// <param name="address">Where it goes.</param>
    /// <param name="type">The word by which clients choose their handlers: 1 to 128 characters without control characters.</param>
    /// <param name="payload">A value that is serialized as JSON with the web defaults (camel case): at most 64 KB, nested at most 32 levels
    /// deep. A <c>JsonElement</c> is sent as it is.</param>
    /// <param name="options">Null: durable, deliverable as long as it is retained, without an idempotency key.</param>
    /// <param name="cancellationToken">Ends the waiting. The message may still be published.</param>
    /// <returns>The message's id. If its idempotency key was used within the last five minutes, the id of the first message.</returns>
    /// <exception cref="ArgumentException">The address, the type, the payload or an option breaks its rule; nothing was sent.</exception>
    /// <exception cref="IdempotencyConflictException">The idempotency key stands for another message at this address; nothing was
    /// published.</exception>
    /// <exception cref="StoreUnavailableException">
    /// Redis did not answer. The message may have been published; with an idempotency key it is safe to try again.
    /// </exception>
    Task<string> PublishAsync<TPayload>(
        Address address, string type, TPayload payload, PublishOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Publishes many messages at once, those of one address in order. All are checked before any is sent.</summary>
    /// <remarks>
    /// If some fail, messages of one address with idempotency keys still keep their order: none is published unless the one ahead of it
    /// was. So the same batch can be sent again.
    /// </remarks>
    /// <returns>Their ids, in the same order.</returns>
    /// <exception cref="ArgumentException">One of them breaks a rule; nothing was sent.</exception>
    /// <exception cref="IdempotencyConflictException">An idempotency key stands for another message at its address; the others are
    /// published.</exception>
    /// <exception cref="StoreUnavailableException">Redis did not answer for some of them. Those with an idempotency key may safely be
    /// tried again.</exception>
    Task<IReadOnlyList<string>> PublishAsync(IReadOnlyList<Publication> publications, CancellationToken cancellationToken = default);
}
