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
        var envelopes = publications.Select(Seal).ToList();
        var ids = await Task.WhenAll(router.PublishAll(envelopes)).WaitAsync(cancellationToken);
        return [.. ids.Select(id => id.ToString())];
    }

    private Envelope Seal(Publication publication) => Sealing.Mistake(publication) is { } mistake
        ? throw new ArgumentException(mistake, nameof(publication))
        : Sealing.Seal(publication, time.GetUtcNow());
}
