using RealtimeHub.Operations;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using StackExchange.Redis;

namespace RealtimeHub.Nodes;

/// <summary>Hears what is published to this node and to every node, and can make sure that it does.</summary>
internal sealed partial class NodeSubscription(
    RedisConnection redis, NodeId node, TimeProvider time, LogSummary summary, ILogger<NodeSubscription> logger)
{
    private static readonly TimeSpan EchoTimeout = TimeSpan.FromSeconds(2);

    private readonly FrameWriter _frames = new(node);
    private readonly RedisChannel _own = RedisKeys.NodeChannel(node.Value);
    private volatile Echo? _echo;

    /// <remarks>The multiplexer subscribes whenever it connects; whether it has, only <see cref="TryAsync"/> tells.</remarks>
    public async Task OpenAsync(Inbox inbox)
    {
        foreach (var channel in (RedisChannel[])[_own, RedisKeys.Everyone])
        {
            var messages = await redis.Subscriber.SubscribeAsync(channel, CommandFlags.FireAndForget);
            _ = ReceiveAsync(messages, inbox);
        }
    }

    public async Task CloseAsync()
    {
        foreach (var channel in (RedisChannel[])[_own, RedisKeys.Everyone])
        {
            await redis.Subscriber.UnsubscribeAsync(channel);
        }
    }

    /// <summary>Returns when this node has heard itself. What is published from then on it hears as well.</summary>
    /// <exception cref="StoreUnavailableException">It has not.</exception>
    public async Task TryAsync(CancellationToken cancellationToken)
    {
        var echo = new Echo(Guid.NewGuid().ToString("N"));
        _echo = echo;

        // On the way that the subscriptions have taken, and behind them: an echo before them would never be heard.
        await redis.Subscriber.PingAsync().OrUnavailable(redis);
        await redis.Database.PublishAsync(_own, _frames.Echo(echo.Text)).OrUnavailable(redis);
        try
        {
            await echo.Received.Task.WaitAsync(EchoTimeout, time, cancellationToken);
        }
        catch (TimeoutException silence)
        {
            throw new StoreUnavailableException(RedisFault.Undelivered, silence);
        }
    }

    /// <summary>Takes all that has come, so that each client gets its part in one piece. It waits for nothing more.</summary>
    private async Task ReceiveAsync(ChannelMessageQueue frames, Inbox inbox)
    {
        var batch = new MessageBatch(inbox);
        await foreach (var first in frames)
        {
            Receive(first.Message, batch, inbox);
            while (!batch.IsFull && frames.TryRead(out var next))
            {
                Receive(next.Message, batch, inbox);
            }

            batch.Deliver();
        }
    }

    private void Receive(RedisValue bytes, MessageBatch batch, Inbox inbox)
    {
        if (!VersionedRecord.TryRead(bytes, out var frame))
        {
            summary.Report(
                nameof(Log.FrameUnreadable), VersionedRecord.Version,
                (count, _) => Log.FrameUnreadable(logger, count, VersionedRecord.Version));
        }
        else if (Frame.ReadMessage(frame) is { } message)
        {
            batch.Add(message);
        }
        else if (Frame.ReadCommand(frame) is { } command)
        {
            // What came before it is delivered before it.
            batch.Deliver();
            inbox.Handle(command);
        }
        else if (_echo is { } echo && echo.Text == Frame.ReadEcho(frame))
        {
            echo.Received.TrySetResult();
        }
    }

    private sealed record Echo(string Text)
    {
        public TaskCompletionSource Received { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Skipped {Count} frames that are not of version {Version}, the only one that this node reads. Does a node run that is two versions away?", EventName = "FrameUnreadable")]
        public static partial void FrameUnreadable(ILogger logger, long count, string version);
    }
}
