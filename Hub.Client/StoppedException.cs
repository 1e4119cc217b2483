namespace RealtimeHub.Client;

/// <summary>The client was stopped before what a task was to bring: a connection, or a group.</summary>
public sealed class StoppedException : PushException
{
    internal StoppedException()
        : base("stopped", "The client was stopped before that was done.")
    {
    }
}
