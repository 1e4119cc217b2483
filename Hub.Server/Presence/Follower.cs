using System.Threading.Channels;
using RealtimeHub.Authentication;

namespace RealtimeHub.Presence;

/// <summary>Somebody who follows a user at this node. While he does not read, the latest waits for him, and the oldest goes.</summary>
internal sealed class Follower(string user, Action<Follower> onEnd) : IDisposable
{
    private const int MostWaiting = 1_000;

    private readonly Channel<FollowedEvent> _events = Channel.CreateBounded<FollowedEvent>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest });

    public string User => user;

    /// <summary>What happens, as it happens.</summary>
    public ChannelReader<FollowedEvent> Events => _events.Reader;

    public void Tell(FollowedEvent happened) => _events.Writer.TryWrite(happened);

    public void Dispose() => onEnd(this);
}
