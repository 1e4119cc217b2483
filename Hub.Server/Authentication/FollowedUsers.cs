using System.Collections.Concurrent;
using System.Threading.Channels;

namespace RealtimeHub.Authentication;

/// <summary>
/// The users whom somebody follows, and what happens to them at this node. As long as nobody is followed, whoever asks looks at one field.
/// </summary>
internal sealed class FollowedUsers(TimeProvider time)
{
    /// <summary>The most users that are followed at once.</summary>
    internal const int Most = 100;

    /// <summary>The most that waits to be told: then the oldest goes.</summary>
    internal const int MostWaiting = 1_000;

    /// <summary>How long a user is followed who is not asked for again.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _until = new(StringComparer.Ordinal);
    private readonly Channel<(string User, FollowedEvent Event)> _happened = Channel.CreateBounded<(string, FollowedEvent)>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private volatile bool _any;

    /// <summary>Whether anybody is followed.</summary>
    public bool Any => _any;

    /// <summary>What has happened, for whoever tells it.</summary>
    public ChannelReader<(string User, FollowedEvent Event)> Happened => _happened.Reader;

    /// <summary>Follows a user for some seconds, or for some more.</summary>
    /// <returns>False if too many are followed.</returns>
    public bool Follow(string user)
    {
        Forget();
        var isFollowed = _until.Count < Most || _until.ContainsKey(user);
        if (isFollowed)
        {
            _until[user] = time.GetUtcNow() + Lease;
            _any = true;
        }

        return isFollowed;
    }

    /// <summary>Takes note of what has happened to a user, if he is followed.</summary>
    /// <param name="user">To whom; null to nobody.</param>
    /// <param name="kind">What: a word of docs/protocol.md.</param>
    /// <param name="text">The same in a sentence.</param>
    /// <param name="connection">The connection that it has happened to.</param>
    /// <param name="message">The message that it is about.</param>
    public void Note(string? user, string kind, string text, string? connection = null, string? message = null)
    {
        if (_any && user is not null && _until.TryGetValue(user, out var until))
        {
            var now = time.GetUtcNow();
            if (until > now)
            {
                _happened.Writer.TryWrite((user, new FollowedEvent(now, kind, text) { Connection = connection, Message = message }));
            }
            else
            {
                Forget();
            }
        }
    }

    private void Forget()
    {
        var now = time.GetUtcNow();
        foreach (var over in _until.Where(followed => followed.Value <= now))
        {
            _until.TryRemove(over);
        }

        _any = !_until.IsEmpty;
    }
}
