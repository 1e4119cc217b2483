namespace RealtimeHub.Client;

/// <summary>
/// The hub sent something that this version of the client cannot read and that tells no address: it was skipped. What tells one is
/// announced to
/// <see cref="PushClient.OnLost(Func{Loss, Task})"/> instead.
/// </summary>
public sealed class UnreadableException : PushException
{
    internal UnreadableException(Exception? cause = null)
        : base("unreadable", "The hub sent something that this client cannot read; it was skipped. Is the hub newer than the client?", cause)
    {
    }
}
