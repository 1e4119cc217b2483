namespace RealtimeHub.Client;

/// <summary><see cref="PushConnection.StartAsync(CancellationToken)"/> had not connected yet when the connection was stopped.</summary>
public sealed class StoppedException : PushException
{
    internal StoppedException()
        : base("stopped", "The connection was stopped before it had connected.")
    {
    }
}
