using RealtimeHub.Routing;

namespace RealtimeHub.Publishing;

internal sealed class Publisher(IMessageRouter router, TimeProvider time) : IPublisher
{
    public async Task<string> PublishAsync<TPayload>(
        Address address, string type, TPayload payload, PublishOptions? options = null, CancellationToken cancellationToken = default)
    {
        var envelope = Encode(Publication.Of(address, type, payload, options));
        return await PublishAsync(envelope).WaitAsync(cancellationToken);
    }

    /// <summary>Publishes what is known to break no rule (<see cref="MessageEncoder.Mistake"/>).</summary>
    public Task<string> PublishCheckedAsync(Publication publication) => PublishAsync(MessageEncoder.Encode(publication, time.GetUtcNow()));

    public async Task<IReadOnlyList<string>> PublishAsync(IReadOnlyList<Publication> publications, CancellationToken cancellationToken = default) =>
        await Task.WhenAll(PublishEach(publications)).WaitAsync(cancellationToken);

    /// <summary>Publishes many in one flush, as <see cref="PublishAsync(IReadOnlyList{Publication}, CancellationToken)"/> does, and tells of each by itself what became of it.</summary>
    /// <remarks>
    /// Of those of one address that have idempotency keys, none is published before the one ahead of it: what failed may be tried again, in the same
    /// order, and stands in the log in that order.
    /// </remarks>
    /// <returns>For each its id, or <see cref="IdempotencyConflictException"/>, or <see cref="Redis.StoreUnavailableException"/>.</returns>
    /// <exception cref="ArgumentException">One of them breaks a rule (<see cref="MessageEncoder.Mistake"/>); nothing was sent.</exception>
    public IReadOnlyList<Task<string>> PublishEach(IReadOnlyList<Publication> publications)
    {
        var lastKeys = new Dictionary<Address, string>();
        var envelopes = publications.Select(Encode).ToList().ConvertAll(envelope => Behind(envelope, lastKeys));
        return [.. router.PublishAll(envelopes).Select(IdOfAsync)];
    }

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

    private Task<string> PublishAsync(Envelope envelope) => IdOfAsync(router.PublishAsync(envelope));

    private Envelope Encode(Publication publication) => MessageEncoder.Mistake(publication) is { } mistake
        ? throw new ArgumentException(mistake, nameof(publication))
        : MessageEncoder.Encode(publication, time.GetUtcNow());

    private static async Task<string> IdOfAsync(Task<Cursor> published) => (await published).ToString();
}
