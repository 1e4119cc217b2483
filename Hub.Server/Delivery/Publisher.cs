using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

internal sealed class Publisher(IMessageRouter router, TimeProvider time) : IPublisher
{
    public async Task<string> PublishAsync<TPayload>(
        Address address, string type, TPayload payload, PublishOptions? options = null, CancellationToken cancellationToken = default)
    {
        var envelope = Seal(Publication.Of(address, type, payload, options));
        return (await router.PublishAsync(envelope).WaitAsync(cancellationToken)).ToString();
    }

    public async Task<IReadOnlyList<string>> PublishAsync(IReadOnlyList<Publication> publications, CancellationToken cancellationToken = default)
    {
        return await Task.WhenAll(PublishEach(publications)).WaitAsync(cancellationToken);
    }

    /// <summary>As for a batch, but tells of each message what became of it.</summary>
    /// <remarks>
    /// Of those of one address that have idempotency keys, none is published before the one ahead of it: what failed may be tried again, in the same
    /// order, and stands in the log in that order.
    /// </remarks>
    /// <returns>Their ids, each when it is known, or <see cref="Redis.StoreUnavailableException"/>.</returns>
    /// <exception cref="ArgumentException">One of them breaks a rule; nothing was sent.</exception>
    public IReadOnlyList<Task<string>> PublishEach(IReadOnlyList<Publication> publications)
    {
        var lastKeys = new Dictionary<Address, string>();
        var envelopes = publications.Select(Seal).ToList().ConvertAll(envelope => Behind(envelope, lastKeys));
        return [.. router.PublishAll(envelopes).Select(ToTextAsync)];
    }

    private static async Task<string> ToTextAsync(Task<Cursor> id) => (await id).ToString();

    private static Envelope Behind(Envelope envelope, Dictionary<Address, string> lastKeys)
    {
        if (envelope.IdempotencyKey is not { } key)
        {
            return envelope;
        }

        var before = lastKeys.GetValueOrDefault(envelope.Address);
        lastKeys[envelope.Address] = key;
        return envelope with { Follows = before };
    }

    private Envelope Seal(Publication publication) => Sealing.Mistake(publication) is { } mistake
        ? throw new ArgumentException(mistake, nameof(publication))
        : Sealing.Seal(publication, time.GetUtcNow());
}
