namespace RealtimeHub.Client;

/// <summary>
/// The hub sent something that this version of the client cannot read and that names no address; it was skipped. If it names an address,
/// <see cref="PushClient.OnLost(Func{Loss, Task})"/> tells of it instead.
/// </summary>
public sealed class UnreadableException : PushException
{
    internal UnreadableException(Exception? cause = null)
        : base("unreadable", "The hub sent something that this client cannot read; it was skipped. Is the hub newer than the client?", cause)
    {
    }
}
