using System.Collections.Concurrent;
using RealtimeHub.Delivery;
using RealtimeHub.Nodes;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Connections;

/// <summary>Changes the groups of a connection, wherever it hangs: here, or by asking the nodes, of which one has it and answers.</summary>
internal sealed class RemoteGroups(
    IMessageRouter router, NodeId node, ConnectionRegistry registry, GroupMembership groups, HeadNotice notice, TimeProvider time)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<string?>> _questions = new(StringComparer.Ordinal);

    /// <summary>Returns when the connection gets the group's messages.</summary>
    /// <exception cref="TimeoutException">No node has the connection.</exception>
    public Task JoinAsync(string connectionId, Address group) => ChangeAsync(NodeCommandKind.Join, connectionId, group);

    /// <summary>Returns when the connection gets the group's messages no more.</summary>
    /// <exception cref="TimeoutException">No node has the connection.</exception>
    public Task LeaveAsync(string connectionId, Address group) => ChangeAsync(NodeCommandKind.Leave, connectionId, group);

    /// <summary>Does what another node asks, if the connection is here, or takes its answer.</summary>
    public void Handle(NodeCommand command)
    {
        if (command.Kind == NodeCommandKind.Done)
        {
            _ = command.Question is { } question && _questions.TryGetValue(question, out var asked) && asked.TrySetResult(command.Mistake);
        }
        else if (command is { Connections: [var id], Address: { } group, Asker: { } asker } && registry.TryFind(id, out var connection))
        {
            _ = HandleAsync(command, connection, group, new NodeId(asker));
        }
    }

    private Task ChangeAsync(NodeCommandKind kind, string connectionId, Address group) => registry.TryFind(connectionId, out var connection)
        ? ChangeAsync(kind, connection, group)
        : AskAsync(new NodeCommand(
            kind)
        { Connections = [connectionId], Address = group, Asker = node.Value, Question = Guid.NewGuid().ToString("N") });

    private async Task ChangeAsync(NodeCommandKind kind, ClientConnection connection, Address group)
    {
        if (kind == NodeCommandKind.Leave)
        {
            await groups.LeaveAsync(connection, group);
            return;
        }

        await groups.JoinAsync(connection, group);
        if (registry.TryFind(group, out var local))
        {
            notice.Send(local, [connection]);
        }
    }

    private async Task AskAsync(NodeCommand question)
    {
        var asked = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _questions[question.Question!] = asked;
        try
        {
            await router.SendCommandAsync(Address.Everyone, question.Write());
            if (await asked.Task.WaitAsync(Timeout, time) is { } mistake)
            {
                throw new InvalidOperationException(mistake);
            }
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"No node has the connection {question.Connections[0]}.");
        }
        finally
        {
            _questions.TryRemove(question.Question!, out _);
        }
    }

    private async Task HandleAsync(NodeCommand question, ClientConnection connection, Address group, NodeId asker)
    {
        var answer = new NodeCommand(NodeCommandKind.Done) { Question = question.Question };
        try
        {
            await ChangeAsync(question.Kind, connection, group);
        }
        catch (Exception mistake) when (mistake is InvalidOperationException or StoreUnavailableException)
        {
            answer = answer with { Mistake = mistake.Message };
        }

        try
        {
            await router.SendCommandAsync(asker, answer.Write());
        }
        catch (StoreUnavailableException)
        {
            // The asker gives up by itself.
        }
    }
}
