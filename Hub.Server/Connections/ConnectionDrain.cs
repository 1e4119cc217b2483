using RealtimeHub.Delivery;

namespace RealtimeHub.Connections;

/// <summary>
/// Tells this node's clients to go when the host begins to stop, and gives them a moment: they close their connections themselves, and
/// reconnect to another node.
/// </summary>
/// <remarks>
/// SignalR ends all connections at the same moment, without telling why. The callback that was registered last is called first, so the
/// drain is registered after everything else.
/// </remarks>
internal sealed class ConnectionDrain(ConnectionRegistry registry, IHostApplicationLifetime lifetime) : IHostedService
{
    /// <summary>Clients that are still connected after this time are cut off.</summary>
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

        // The host calls this synchronously, so it can only block.
        registry.WhenEmptyAsync().Wait(Timeout);
    }
}
