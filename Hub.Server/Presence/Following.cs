using System.Collections.Concurrent;
using System.Text.Json;
using RealtimeHub.Authentication;
using RealtimeHub.Nodes;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Presence;

/// <summary>Tells whoever follows a user what happens to him, on whichever node, as it happens.</summary>
internal sealed class Following(
    FollowedUsers followed, IConnectionDirectory directory, IMessageRouter router, NodeRequests requests, NodeId self, TimeProvider time)
    : BackgroundService
{
    /// <summary>The most that is followed from one node at once.</summary>
    internal const int Most = 20;

    private static readonly TimeSpan BetweenAsking = TimeSpan.FromSeconds(5);

    /// <summary>By user and node: until when that node is told of him.</summary>
    private readonly ConcurrentDictionary<(string User, string Node), DateTimeOffset> _told = [];

    private readonly ConcurrentDictionary<Follower, string> _followers = [];

    /// <summary>Begins to follow a user. When it returns, whatever happens to him is told.</summary>
    /// <returns>Null if as many are followed here as may be.</returns>
    /// <exception cref="StoreUnavailableException">Redis does not answer.</exception>
    public async Task<Follower?> BeginAsync(string user)
    {
        var follower = new Follower(user, over => _followers.TryRemove(over, out _));
        if (_followers.Count >= Most)
        {
            return null;
        }

        _followers[follower] = user;
        try
        {
            await AskAllAsync(user);
            return follower;
        }
        catch
        {
            follower.Dispose();
            throw;
        }
    }

    /// <summary>A node, perhaps this one, wants to be told.</summary>
    public Task HandleAsync(FollowUser asked) => requests.AnswerAsync(asked, () =>
    {
        if (followed.Follow(asked.User))
        {
            _told[(asked.User, asked.Asker)] = time.GetUtcNow() + FollowedUsers.Lease;
        }

        return Task.CompletedTask;
    });

    /// <summary>Something has happened, here or at another node.</summary>
    public void Handle(NoteFollowed told)
    {
        var happened = JsonSerializer.Deserialize(told.Body.Span, PresenceJson.Default.FollowedEvent)!;
        foreach (var (follower, _) in _followers.Where(follower => follower.Value == told.User))
        {
            follower.Tell(happened);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(TellAsync(stoppingToken), AskAgainAsync(stoppingToken));

    private async Task TellAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var (user, happened) in followed.Happened.ReadAllAsync(stopping))
            {
                await TellAsync(user, happened with { Node = self.Value });
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private async Task TellAsync(string user, FollowedEvent happened)
    {
        var told = new NoteFollowed(user) { Body = JsonSerializer.SerializeToUtf8Bytes(happened, PresenceJson.Default.FollowedEvent) };
        foreach (var node in _told)
        {
            if (node.Value <= time.GetUtcNow())
            {
                _told.TryRemove(node);
            }
            else if (node.Key.User == user)
            {
                await TrySendAsync(new NodeId(node.Key.Node), told);
            }
        }
    }

    /// <summary>Whoever follows goes on doing so, also at nodes that have started since.</summary>
    private async Task AskAgainAsync(CancellationToken stopping)
    {
        using var pace = new PeriodicTimer(BetweenAsking, time);
        try
        {
            while (await pace.WaitForNextTickAsync(stopping))
            {
                await Task.WhenAll(_followers.Values.Distinct().Select(TryAskAllAsync));
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private async Task AskAllAsync(string user)
    {
        var nodes = await directory.NodesAsync();
        await Task.WhenAll(nodes.Select(node => TryAskAsync(node, user)));
    }

    private async Task TryAskAllAsync(string user)
    {
        try
        {
            await AskAllAsync(user);
        }
        catch (StoreUnavailableException)
        {
            // It may be back for the next time.
        }
    }

    private async Task TryAskAsync(NodeId node, string user)
    {
        try
        {
            await requests.AskIfAliveAsync(node, new FollowUser(user));
        }
        catch (Exception silent) when (NodeRequests.IsSilence(silent))
        {
            // What happens there is not told.
        }
    }

    private async Task TrySendAsync(NodeId node, NodeCommand command)
    {
        try
        {
            await router.SendCommandAsync(node, command.Write());
        }
        catch (StoreUnavailableException)
        {
            // Who follows misses this.
        }
    }
}
