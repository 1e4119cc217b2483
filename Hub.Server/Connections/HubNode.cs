using RealtimeHub.Nodes;

namespace RealtimeHub.Connections;

/// <summary>Opens this node's inbox before the server listens, and closes it when all connections are gone.</summary>
internal sealed class HubNode(INodeChannel channel, NodeInbox inbox, PositionCheck check) : IHostedService
{
    private readonly Lock _lock = new();
    private Task? _leaving;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await channel.OpenAsync(inbox.ToInbox());
        await check.StartAsync();
    }

    /// <remarks>A host may be stopped by two callers at once. Both wait until the node has left.</remarks>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _leaving ??= LeaveAsync();
        }
    }

    private async Task LeaveAsync()
    {
        await check.StopAsync();
        await channel.CloseAsync();
    }
}
