namespace RealtimeHub.Routing;

/// <summary>
/// Connections that are in the directory already, and still open at this node. What comes for one of them meanwhile finds nobody here: it
/// is noted, and counts when the connection is open.
/// </summary>
/// <remarks>Who notes something looks again then whether the connection has come just now.</remarks>
internal sealed class ExpectedUsers
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Address, List<Expectation>> _expected = [];
    private volatile bool _isEmpty = true;

    /// <summary>Begins to note what comes. To be called before the connection is in the directory.</summary>
    public Expectation Expect(Address user, string connectionId)
    {
        var expectation = new Expectation(this, user, connectionId);
        lock (_lock)
        {
            _isEmpty = false;
            if (!_expected.TryAdd(user, [expectation]))
            {
                _expected[user].Add(expectation);
            }
        }

        return expectation;
    }

    /// <summary>Takes note of a message of a user's log that has found nobody.</summary>
    public void Note(RoutedMessage message) => ForEachOf(message.Address, expectation => expectation.Note(message));

    /// <summary>Takes note that what is kept of a user has changed.</summary>
    public void NoteChange(Address user) => ForEachOf(user, expectation => expectation.NoteChange());

    /// <summary>Takes note that a connection is to end as soon as it is open.</summary>
    public void NoteEnd(string connectionId)
    {
        if (_isEmpty)
        {
            return;
        }

        lock (_lock)
        {
            _expected.Values.SelectMany(waiting => waiting).FirstOrDefault(one => one.ConnectionId == connectionId)?.NoteEnd();
        }
    }

    internal void End(Expectation expectation)
    {
        lock (_lock)
        {
            if (_expected.TryGetValue(expectation.User, out var waiting) && waiting.Remove(expectation) && waiting.Count == 0)
            {
                _expected.Remove(expectation.User);
                _isEmpty = _expected.Count == 0;
            }
        }
    }

    private void ForEachOf(Address user, Action<Expectation> note)
    {
        if (_isEmpty)
        {
            return;
        }

        lock (_lock)
        {
            _expected.GetValueOrDefault(user)?.ForEach(note);
        }
    }
}
