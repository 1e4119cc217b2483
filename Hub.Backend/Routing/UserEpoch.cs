namespace RealtimeHub.Routing;

/// <summary>The epoch of one user, as <see cref="InMemoryEpochs"/> keeps it. It is used under that one's lock.</summary>
internal sealed class UserEpoch
{
    private readonly Dictionary<string, long> _sessions = new(StringComparer.Ordinal);
    private long _user;
    private DateTimeOffset _bannedUntil;
    private string? _reason;

    /// <summary>The highest number that was given, for whatever of the user.</summary>
    public long Last { get; private set; }

    /// <summary>Raises the epoch of the user, or of one session.</summary>
    public long Raise(DateTimeOffset now, string? session)
    {
        Last = Math.Max(now.ToUnixTimeMilliseconds(), Last + 1);
        if (session is null)
        {
            _user = Last;
            return Last;
        }

        var oldest = (now - IEpochs.Memory).ToUnixTimeMilliseconds();
        foreach (var over in _sessions.Where(entry => entry.Value < oldest).ToList())
        {
            _sessions.Remove(over.Key);
        }

        return _sessions[session] = Last;
    }

    public void Ban(DateTimeOffset now, DateTimeOffset until, string? reason)
    {
        Raise(now, session: null);
        (_bannedUntil, _reason) = (until, reason);
    }

    public void Unban() => _bannedUntil = default;

    /// <summary>Why a connection may not be attached; null if it may.</summary>
    public AttachResult? RefusalOf(ConnectionDetails? details, DateTimeOffset now)
    {
        var mintedIn = details?.Epoch ?? 0;
        return _bannedUntil > now ? new AttachResult(AttachOutcome.Banned, Text: _reason)
            : _user > mintedIn || (details?.Session is { } session && _sessions.GetValueOrDefault(session) > mintedIn)
                ? new AttachResult(AttachOutcome.Ended)
            : null;
    }

    /// <summary>Whether nothing can be refused by it any more.</summary>
    public bool IsOver(DateTimeOffset now) =>
        _bannedUntil <= now && Last < (now - IEpochs.Memory).ToUnixTimeMilliseconds();
}
