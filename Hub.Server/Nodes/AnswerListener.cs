using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Nodes;

/// <summary>Lets a process that is no node ask nodes: it hears their answers, and nothing else. No node counts it as one.</summary>
internal sealed class AnswerListener(NodeSubscription subscription, NodeRequests requests)
{
    /// <summary>Returns when answers come in.</summary>
    /// <exception cref="StoreUnavailableException">Redis does not answer.</exception>
    public async Task StartAsync()
    {
        await subscription.OpenAsync(new Inbox(_ => { }, Take, () => { }));
        await subscription.TryAsync(CancellationToken.None);
    }

    private void Take(ReadOnlyMemory<byte> command)
    {
        if (NodeCommand.Read(command) is CommandAnswer answer)
        {
            requests.Take(answer);
        }
    }
}
