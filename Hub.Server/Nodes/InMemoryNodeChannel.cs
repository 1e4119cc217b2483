using RealtimeHub.Routing;

namespace RealtimeHub.Nodes;

/// <summary>The one node that there is without Redis.</summary>
internal sealed class InMemoryNodeChannel(LocalInbox local) : INodeChannel
{
    public Task OpenAsync(Inbox inbox)
    {
        local.Inbox = inbox;
        return Task.CompletedTask;
    }

    public Task CloseAsync()
    {
        local.Inbox = null;
        return Task.CompletedTask;
    }
}
