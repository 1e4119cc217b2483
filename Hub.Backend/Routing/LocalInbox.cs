namespace RealtimeHub.Routing;

/// <summary>Holds the inbox of the single node in the mode without Redis, while it is open.</summary>
internal sealed class LocalInbox
{
    private volatile Inbox? _inbox;

    public Inbox? Inbox
    {
        get => _inbox;
        set => _inbox = value;
    }
}
