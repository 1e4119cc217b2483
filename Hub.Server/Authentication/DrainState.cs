namespace RealtimeHub.Authentication;

/// <summary>
/// Whether this node has stopped taking new connections: it is being drained, or the host is stopping. It does not begin again.
/// </summary>
internal sealed class DrainState(IHostApplicationLifetime lifetime)
{
    private volatile bool _hasBegun;

    /// <summary>Whether it takes no new connections.</summary>
    public bool IsDraining => HasBegun || lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Whether those that it has are being told to move. When the host stops, that is a moment later.</summary>
    public bool HasBegun => _hasBegun;

    public void Begin() => _hasBegun = true;
}
