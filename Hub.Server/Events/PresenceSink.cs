using Microsoft.Extensions.Options;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Events;

namespace RealtimeHub.Events;

/// <summary>Publishes that a user has come or gone to <c>Presence:Address</c>, as a message like any other.</summary>
/// <remarks>If it is given an event a second time, within five minutes that makes no second message.</remarks>
internal sealed class PresenceSink(Publisher publisher, IOptions<PresenceOptions> options) : IEventSink
{
    private const string Backend = "hub/presence";

    private readonly Address _address =
        Address.TryParse(options.Value.Address, out var address) ? address : throw new ArgumentException(options.Value.Address);

    public async Task<EventFault?> TakeAsync(Address user, HubEvent told)
    {
        if (told.Type is EventType.UserOnline or EventType.UserOffline)
        {
            var payload = new { user = user.Name, time = told.Time };
            var message = Publication.Of(_address, told.Type, payload, new PublishOptions { IdempotencyKey = told.Id });
            await publisher.PublishAsync(CheckedPublication.Of(message).From(Backend));
        }

        return null;
    }
}
