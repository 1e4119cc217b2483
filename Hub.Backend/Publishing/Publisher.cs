using System.Diagnostics;
using RealtimeHub.Operations;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Receipts;

namespace RealtimeHub.Publishing;

internal sealed class Publisher(IMessageRouter router, IReceipts receipts, TimeProvider time, PublishMetrics metrics) : IPublisher
{
    public async Task<string> PublishAsync<TPayload>(
        Address address, string type, TPayload payload, PublishOptions? options = null, CancellationToken cancellationToken = default)
    {
        var publication = CheckedPublication.Of(Publication.Of(address, type, payload, options));
        return await PublishAsync(publication).WaitAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<string>> PublishAsync(
        IReadOnlyList<Publication> publications, CancellationToken cancellationToken = default)
    {
        Envelope[] envelopes = [.. publications.Select(publication => Encode(CheckedPublication.Of(publication)))];
        return await Task.WhenAll(PublishEach(envelopes)).WaitAsync(cancellationToken);
    }

    public Task<string> PublishAsync(CheckedPublication publication)
    {
        var span = SendSpan.Begin(Encode(publication), out var message);
        var begun = metrics.Begin();
        return IdOfAsync(message, router.PublishAsync(message), begun, span);
    }

    /// <summary>Encodes a message. The result may be published again, in the same bytes, if it has to be tried again.</summary>
    public Envelope Encode(CheckedPublication publication) => MessageEncoder.Encode(publication, time.GetUtcNow());

    /// <summary>
    /// Publishes many messages at once, as <see cref="PublishAsync(IReadOnlyList{Publication}, CancellationToken)"/> does, but returns a
    /// result for each.
    /// </summary>
    /// <remarks>
    /// Of the messages of one address that have idempotency keys, none is published unless the one ahead of it was. So those that failed
    /// may be tried again in the same order, and the log has them in that order.
    /// </remarks>
    /// <returns>For each its id, or <see cref="IdempotencyConflictException"/>, or <see cref="Redis.StoreUnavailableException"/>.</returns>
    public IReadOnlyList<Task<string>> PublishEach(IReadOnlyList<Envelope> envelopes)
    {
        var (messages, spans) = (InOrder(envelopes), new Activity?[envelopes.Count]);
        for (var index = 0; index < spans.Length; index++)
        {
            (spans[index], messages[index]) = (SendSpan.Begin(messages[index], out var sent), sent);
        }

        var begun = metrics.Begin();
        return [.. router.PublishAll(messages).Select((published, index) => IdOfAsync(messages[index], published, begun, spans[index]))];
    }

    /// <summary>Notes in each message that has an idempotency key the key that comes before it at its address.</summary>
    private static List<Envelope> InOrder(IReadOnlyList<Envelope> envelopes)
    {
        var ordered = new List<Envelope>(envelopes.Count);
        var lastKeys = new Dictionary<Address, string>();
        foreach (var envelope in envelopes)
        {
            if (envelope.IdempotencyKey is not { } key)
            {
                ordered.Add(envelope);
                continue;
            }

            ordered.Add(lastKeys.TryGetValue(envelope.Address, out var before) ? envelope with { Follows = before } : envelope);
            lastKeys[envelope.Address] = key;
        }

        return ordered;
    }

    private async Task<string> IdOfAsync(Envelope message, Task<Cursor> published, long begun, Activity? sending)
    {
        using var span = sending;
        try
        {
            var cursor = await published;
            if (message.AwaitsReceipt)
            {
                // Receipts are written a moment after they come: none of this message is there before.
                await receipts.AwaitAsync(message.Address, cursor, AwaitedMessage.Event);
            }

            var id = cursor.ToString();
            metrics.Published(message, begun);
            span.Sent(id);
            return id;
        }
        catch (Exception failure)
        {
            metrics.Failed(message, begun, failure);
            span.Refuse(PublishMetrics.OutcomeOf(failure));
            throw;
        }
    }
}
