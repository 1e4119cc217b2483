namespace RealtimeHub.Routing;

/// <summary>A connection that is expected, and what has come for it and its user until now.</summary>
internal sealed class Expectation(ExpectedUsers users, Address user, string connectionId)
{
    public Address User => user;

    public string ConnectionId => connectionId;

    /// <summary>The id of the last message of the user's log; null if none has come.</summary>
    public Cursor? Last { get; private set; }

    /// <summary>Whether what is kept of the user has changed since the connection was entered: it is to be attached anew.</summary>
    public bool HasChanged { get; private set; }

    /// <summary>Whether the connection is to end as soon as it is open.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Nothing more is noted: what was noted may be read.</summary>
    public void End() => users.End(this);

    internal void Note(RoutedMessage message) => Last = message.After is null ? Last : message.Id;

    internal void NoteChange() => HasChanged = true;

    internal void NoteEnd() => IsEnded = true;
}
