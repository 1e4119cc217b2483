using RealtimeHub.Client.Handling;

namespace RealtimeHub.Client.Resuming;

/// <summary>The readers of all addresses, for all connections of the client, and the calls of <c>Resume</c> that they need.</summary>
/// <param name="queue">Where the messages go.</param>
/// <param name="positions">Where to begin.</param>
/// <param name="isWanted">
/// Whether an address is that of a group that each connection joins when it has opened: its position is kept though a connection does not
/// have it yet.
/// </param>
internal sealed class LogReaders(HandlingQueue queue, IReadOnlyDictionary<string, string> positions, Predicate<string> isWanted)
{
    private readonly Dictionary<string, LogReader> _readers =
        positions.ToDictionary(
            position => position.Key, position => ReaderFrom(position.Key, position.Value, queue), StringComparer.Ordinal);

    /// <summary>The readers for which the current call asks.</summary>
    private readonly HashSet<LogReader> _calling = [];
    private bool _hasResumed;
    private bool _isInCall;

    /// <summary>Whether a connection has begun on which neither heads have come nor a call has been made.</summary>
    public bool IsBeginning { get; private set; }

    public bool AnyIsBehind => IsBeginning || _readers.Values.Any(reader => reader.IsBehind);

    public LogReader Of(string address)
    {
        if (!_readers.TryGetValue(address, out var reader))
        {
            reader = new LogReader(address, null, queue);
            _readers.Add(address, reader);
            Enlist(reader);
        }

        return reader;
    }

    /// <summary>A new connection begins: every address is to be resumed.</summary>
    public void BeginConnection()
    {
        (_hasResumed, _isInCall, IsBeginning) = (false, false, true);
        _calling.Clear();
        foreach (var reader in _readers.Values)
        {
            reader.FallBehind();
        }
    }

    /// <summary>
    /// The hub tells, as the connection opens, the heads of all its addresses: only where the client stands elsewhere it must be asked. A
    /// client that begins with what is retained must ask for that where it has no position, and asks as if no heads had come.
    /// </summary>
    public void BeginAt(IReadOnlyDictionary<string, string> heads, ResumeFrom from)
    {
        if (from == ResumeFrom.Retained && heads.Keys.Any(address => Of(address).Position is null))
        {
            return;
        }

        (_hasResumed, IsBeginning) = (true, false);
        foreach (var (address, head) in heads)
        {
            Of(address).BeginAt(head);
        }

        foreach (var other in _readers.Values.Where(reader => !heads.ContainsKey(reader.Address)))
        {
            Refuse(other);
        }
    }

    /// <summary>
    /// The argument of the next <c>Resume</c>. The first call on a connection asks for all of its addresses, later calls for those that are
    /// behind, and a call after a page that was not the last for the same addresses again.
    /// </summary>
    public ResumeRequest BeginCall(ResumeFrom from)
    {
        IsBeginning = false;
        if (!_isInCall)
        {
            _isInCall = true;
            _calling.UnionWith(_readers.Values.Where(reader => reader.IsBehind));
            FitIntoCall();
        }

        foreach (var reader in _calling)
        {
            reader.BeginCall();
        }

        var cursors =
            _calling.Where(reader => reader.Position is not null).ToDictionary(reader => reader.Address, reader => reader.Position!);
        return new ResumeRequest(cursors, _hasResumed ? null : from);
    }

    /// <summary>Takes in a page.</summary>
    /// <returns>Whether it was the last.</returns>
    public bool Take(ResumeAnswer answer)
    {
        foreach (var (address, page) in answer.Addresses)
        {
            Of(address).Take(page);
        }

        foreach (var address in answer.Refused ?? [])
        {
            Forget(address);
        }

        if (!answer.More)
        {
            EndCall();
        }

        return !answer.More;
    }

    /// <summary>The connection has left a group. If it is to join it again by now, the position is kept.</summary>
    public void Leave(string address)
    {
        if (_readers.TryGetValue(address, out var reader))
        {
            reader.Drop();
            Forget(address);
        }
    }

    /// <summary>The first call of a connection also asks for addresses that appear before it has resumed.</summary>
    private void Enlist(LogReader reader)
    {
        if (!_hasResumed)
        {
            reader.FallBehind();
        }

        if (!_hasResumed && _isInCall)
        {
            _calling.Add(reader);
            reader.BeginCall();
        }
    }

    private static LogReader ReaderFrom(string address, string? position, HandlingQueue queue)
    {
        var reader = new LogReader(address, CursorRules.IsCursor(position) ? position : null, queue);
        if (reader.Position is null)
        {
            reader.Lose();
        }

        return reader;
    }

    /// <summary>
    /// If there are more positions than a connection can have, some belong to another user or to old groups, and nobody knows which: all
    /// are thrown away.
    /// </summary>
    private void FitIntoCall()
    {
        LogReader[] positioned = [.. _calling.Where(reader => reader.Position is not null)];
        var fits =
            positioned.Length <= CursorRules.MaxCursors && positioned.Sum(reader => reader.Address.Length) <= CursorRules.MaxCharacters;
        foreach (var reader in fits ? [] : positioned)
        {
            reader.Lose();
        }
    }

    private void Forget(string address)
    {
        if (_readers.TryGetValue(address, out var reader))
        {
            _calling.Remove(reader);
            Refuse(reader);
        }
    }

    /// <summary>The address is not the connection's own, or not yet.</summary>
    private void Refuse(LogReader reader)
    {
        if (isWanted(reader.Address))
        {
            reader.EndCall();
        }
        else
        {
            reader.Forget();
        }
    }

    private void EndCall()
    {
        ForgetOthers();
        (_hasResumed, _isInCall) = (true, false);
        foreach (var reader in _calling)
        {
            reader.EndCall();
        }

        _calling.Clear();
    }

    /// <summary>
    /// The hub has answered for all addresses of the connection, so other positions that were thrown away need no announcement.
    /// </summary>
    private void ForgetOthers()
    {
        string[] others = [.. _readers.Values.Where(reader => reader.IsLost).Select(reader => reader.Address)];
        foreach (var address in others)
        {
            Forget(address);
        }
    }
}
