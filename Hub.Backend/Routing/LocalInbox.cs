namespace RealtimeHub.Routing;

/// <summary>Holds the inbox of the one node that there is without Redis, from its opening to its closing.</summary>
internal sealed class LocalInbox
{
    private volatile Inbox? _inbox;

    public Inbox? Inbox
    {
        get => _inbox;
        set => _inbox = value;
    }
}
