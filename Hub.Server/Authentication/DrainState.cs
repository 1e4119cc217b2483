namespace RealtimeHub.Authentication;

/// <summary>
/// Whether this node has stopped taking new connections: it is being drained, or the host is stopping. It does not begin again.
/// </summary>
internal sealed class DrainState(IHostApplicationLifetime lifetime)
{
    private volatile bool _isDraining;

    public bool IsDraining => _isDraining || lifetime.ApplicationStopping.IsCancellationRequested;

    public void Begin() => _isDraining = true;
}
