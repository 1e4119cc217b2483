using RealtimeHub.Authentication;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;

namespace RealtimeHub.Insight;

/// <summary>Publishes what canaries tell each other, past the metrics and traces of what others publish.</summary>
internal sealed class CanaryPost(IMessageRouter router, TimeProvider time)
{
    private static readonly PublishOptions Transient = new() { Transient = true };

    public async Task SendAsync(string node, CanaryMessage message)
    {
        var user = Address.User(CanaryUsers.StandingAt(node));
        var ready = CheckedPublication.Of(new Publication(user, CanaryMessage.Type, message.Write(), Transient));
        await router.PublishAsync(MessageEncoder.Encode(ready, time.GetUtcNow()));
    }

    /// <summary>Removes what the store keeps for the canary of a node, which is connected no more.</summary>
    public Task ForgetAsync(string node) => router.ForgetAsync(Address.User(CanaryUsers.StandingAt(node)));
}
