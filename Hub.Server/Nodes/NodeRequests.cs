using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using StackExchange.Redis;

namespace RealtimeHub.Nodes;

/// <summary>Asks other nodes, and answers them. What is asked it does not look at.</summary>
internal sealed class NodeRequests(IMessageRouter router, NodeId self, TimeProvider time)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<CommandAnswer>> _asked = new(StringComparer.Ordinal);

    /// <summary>Asks a node to do something, and returns when that is done.</summary>
    /// <exception cref="InvalidOperationException">It is not done: the node says why, or is not there any more.</exception>
    /// <exception cref="NotSupportedException">It is not done: the node is of a version that does not know it.</exception>
    /// <exception cref="TimeoutException">The node has not answered within five seconds. Whether it is done is unknown.</exception>
    /// <exception cref="StoreUnavailableException">Redis does not serve this node, or that one.</exception>
    public async Task AskAsync(NodeId node, NodeRequest request) =>
        _ = await TryAskAsync(node, request) ?? throw new InvalidOperationException(
            $"Node {node} has died, or has lost Redis, and was not asked. Its clients will connect again: try then.");

    /// <summary>Asks a node to do something, and returns when that is done; false if the node is not there any more.</summary>
    /// <exception cref="NotSupportedException">It is not done: the node is of a version that does not know it.</exception>
    /// <exception cref="TimeoutException">The node has not answered within five seconds. Whether it is done is unknown.</exception>
    /// <exception cref="StoreUnavailableException">Redis does not serve this node, or that one.</exception>
    public async Task<bool> AskIfAliveAsync(NodeId node, NodeRequest request) => await TryAskAsync(node, request) is not null;

    /// <summary>Asks a node for something, and returns what it says; null if it is not there any more.</summary>
    /// <exception cref="NotSupportedException">The node is of a version that does not know it.</exception>
    /// <exception cref="TimeoutException">The node has not answered within five seconds.</exception>
    /// <exception cref="StoreUnavailableException">Redis does not serve this node, or that one.</exception>
    public async Task<TAnswer?> AskAsync<TAnswer>(NodeId node, NodeRequest request, JsonTypeInfo<TAnswer> type)
        where TAnswer : class =>
        await TryAskAsync(node, request) is { } answer ? JsonSerializer.Deserialize(answer.Body.Span, type) : null;

    /// <summary>Whether an exception says that a node was not asked, does not answer, or cannot: any that asking throws.</summary>
    public static bool IsSilence(Exception fault) =>
        fault is InvalidOperationException or NotSupportedException or TimeoutException or StoreUnavailableException;

    /// <summary>Takes an answer. Nobody waits any more for one that comes too late.</summary>
    public void Take(CommandAnswer answer)
    {
        if (_asked.TryGetValue(answer.RequestId, out var asked))
        {
            asked.TrySetResult(answer);
        }
    }

    /// <summary>Does what another node asks, and tells it how that went.</summary>
    public Task AnswerAsync(NodeRequest request, Func<Task> act) => AnswerAsync(request, async answer =>
    {
        await act();
        return answer;
    });

    /// <summary>Tells another node what it asks for.</summary>
    public Task TellAsync<TAnswer>(NodeRequest request, Func<TAnswer> look, JsonTypeInfo<TAnswer> type) =>
        AnswerAsync(request, answer => Task.FromResult(answer with { Body = JsonSerializer.SerializeToUtf8Bytes(look(), type) }));

    /// <summary>Answers what this version does not know.</summary>
    public Task RefuseAsync(UnknownRequest request, string kind) => AnswerAsync(request, () => throw new NotSupportedException(
        $"Node {self} does not know the request {kind}: it is of another version. Upgrade it, or try again when it has left."));

    private async Task AnswerAsync(NodeRequest request, Func<CommandAnswer, Task<CommandAnswer>> act)
    {
        var answer = new CommandAnswer(request.RequestId);
        try
        {
            answer = await act(answer);
        }
        catch (Exception mistake) when (
            mistake is InvalidOperationException or NotSupportedException or StoreUnavailableException or RedisException)
        {
            answer = answer with { Mistake = mistake.Message, Code = CodeOf(mistake) };
        }

        try
        {
            await router.SendCommandAsync(new NodeId(request.Asker), answer.Write());
        }
        catch (StoreUnavailableException)
        {
            // Who has asked waits no longer than five seconds.
        }
    }

    /// <returns>Null if it is certain that no such node was asked.</returns>
    private async Task<CommandAnswer?> TryAskAsync(NodeId node, NodeRequest request)
    {
        var id = Guid.NewGuid().ToString("N");
        var asked = _asked[id] = new TaskCompletionSource<CommandAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var deadline = new CancellationTokenSource(Timeout, time);
        try
        {
            if (!await router.SendCommandAsync(node, (request with { Asker = self.Value, RequestId = id }).Write()))
            {
                return null;
            }

            var answer = await asked.Task.WaitAsync(deadline.Token);
            return answer.Mistake is { } mistake ? throw ExceptionOf(node, answer.Code, mistake) : answer;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException(
                $"Node {node} has not answered within {Timeout.TotalSeconds} seconds. It may have done what it was asked, or not: try again.");
        }
        finally
        {
            _asked.TryRemove(id, out _);
        }
    }

    private static string? CodeOf(Exception mistake) => mistake switch
    {
        StoreUnavailableException => CommandAnswer.StoreUnavailable,
        NotSupportedException => CommandAnswer.KindUnknown,
        _ => null,
    };

    private static Exception ExceptionOf(NodeId node, string? code, string mistake) => code switch
    {
        CommandAnswer.StoreUnavailable => new StoreUnavailableException(
            new RedisFault($"Redis does not serve node {node}.", $"That node says: {mistake}"), new InvalidOperationException(mistake)),
        CommandAnswer.KindUnknown => new NotSupportedException(mistake),
        _ => new InvalidOperationException(mistake),
    };
}
