namespace RealtimeHub.Client;

/// <summary><see cref="PushClient.StartAsync(CancellationToken)"/> had not connected yet when the client was stopped.</summary>
public sealed class StoppedException : PushException
{
    internal StoppedException()
        : base("stopped", "The client was stopped before it had connected.")
    {
    }
}
