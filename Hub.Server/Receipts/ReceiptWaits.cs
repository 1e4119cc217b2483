using System.Collections.Concurrent;
using System.Collections.Immutable;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Receipts;

namespace RealtimeHub.Receipts;

/// <summary>The calls of this node that wait until a message is handled.</summary>
internal sealed class ReceiptWaits(IReceipts receipts, NodeId self, TimeProvider time)
{
    /// <summary>Several calls may wait for the same message: each by itself, since each ends in its own time.</summary>
    private readonly ConcurrentDictionary<(Address, Cursor), ImmutableHashSet<TaskCompletionSource<string>>> _waiting = [];

    /// <summary>Returns who has handled a message first, or null when the time is up.</summary>
    /// <exception cref="Redis.StoreUnavailableException">The store does not answer.</exception>
    public async Task<string?> WaitAsync(Address address, Cursor message, TimeSpan limit, CancellationToken cancellationToken)
    {
        // Before it is asked for: who handles it in between finds this.
        var waiting = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.AddOrUpdate((address, message), [waiting], (_, others) => others.Add(waiting));
        try
        {
            return await receipts.AwaitAsync(address, message, self.Value) ?? await waiting.Task.WaitAsync(limit, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return await receipts.AwaitAsync(address, message, self.Value);
        }
        finally
        {
            Forget((address, message), waiting);
        }
    }

    public void Complete(Address address, Cursor message, string holder)
    {
        foreach (var waiting in _waiting.GetValueOrDefault((address, message), []))
        {
            waiting.TrySetResult(holder);
        }
    }

    private void Forget((Address, Cursor) message, TaskCompletionSource<string> waiting)
    {
        var left = _waiting.AddOrUpdate(message, [], (_, others) => others.Remove(waiting));
        if (left.IsEmpty)
        {
            _waiting.TryRemove(KeyValuePair.Create(message, left));
        }
    }
}
