namespace RealtimeHub.Client.Handling;

/// <summary>One step of an address that waits its turn.</summary>
internal abstract record QueueEntry(string Address)
{
    /// <summary>The cursor once this has been handled; null if the address has none.</summary>
    public virtual string? CursorAfter(string? before) => before;

    /// <summary>For the handlers of its type.</summary>
    public sealed record Message(PushMessage Content) : QueueEntry(Content.Address)
    {
        public override string? CursorAfter(string? before) => Content.IsTransient ? before : Content.Id;
    }

    /// <summary>For the handlers of losses.</summary>
    public sealed record Lost(string Address) : QueueEntry(Address);

    /// <summary>A message that cannot be read: also a loss. Its id, if it is told and stands in a log, is the cursor after it.</summary>
    public sealed record Unreadable(string Address, string? Id) : QueueEntry(Address)
    {
        public override string? CursorAfter(string? before) => Id ?? before;
    }

    /// <summary>For nobody: the cursor changes, or with null is forgotten, once what stands before has been handled.</summary>
    public sealed record Moved(string Address, string? Cursor) : QueueEntry(Address)
    {
        public override string? CursorAfter(string? before) => Cursor;
    }
}
