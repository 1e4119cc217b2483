using RealtimeHub.Delivery;

namespace RealtimeHub.Connections;

/// <summary>
/// Sends this node's clients away when the host begins to stop, and gives them a moment to go: they close their connections themselves, and
/// come back, to another node.
/// </summary>
/// <remarks>
/// SignalR cuts everybody off at that same moment, without a word. Of what waits for it the latest comes first, so the drain is registered
/// when all else has been.
/// </remarks>
internal sealed class ConnectionDrain(ConnectionRegistry registry, IHostApplicationLifetime lifetime) : IHostedService
{
    /// <summary>Whoever has not gone by then is cut off.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => lifetime.ApplicationStopping.Register(Drain));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Drain()
    {
        foreach (var connection in registry.Connections)
        {
            connection.Close(CloseReason.NodeStopping);
        }

        // The host asks in a callback, which cannot wait in another way.
        registry.WhenEmptyAsync().Wait(Timeout);
    }
}
