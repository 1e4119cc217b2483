namespace RealtimeHub.Client.Handling;

/// <summary>One thing that waits to be handled, at one address.</summary>
internal abstract record QueueEntry(string Address)
{
    /// <summary>The cursor once this has been handled; null if the address has none.</summary>
    public virtual string? CursorAfter(string? before) => before;

    /// <summary>A message, for the handlers of its type.</summary>
    public sealed record Message(PushMessage Content) : QueueEntry(Content.Address)
    {
        public override string? CursorAfter(string? before) => Content.IsTransient ? before : Content.Id;
    }

    /// <summary>A loss, for the handlers of losses.</summary>
    public sealed record Lost(string Address) : QueueEntry(Address);

    /// <summary>
    /// A message that cannot be read, which is a loss too. If its id is known and in a log, the id is the cursor after it.
    /// </summary>
    public sealed record Unreadable(string Address, string? Id) : QueueEntry(Address)
    {
        public override string? CursorAfter(string? before) => Id ?? before;
    }

    /// <summary>For no handler: once everything before it has been handled, the cursor changes, or is forgotten if it is null.</summary>
    public sealed record Moved(string Address, string? Cursor) : QueueEntry(Address)
    {
        public override string? CursorAfter(string? before) => Cursor;
    }
}
