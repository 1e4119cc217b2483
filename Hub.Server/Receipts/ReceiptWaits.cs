using System.Collections.Concurrent;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Receipts;

namespace RealtimeHub.Receipts;

/// <summary>The calls of this node that wait until a message is handled.</summary>
internal sealed class ReceiptWaits(IReceipts receipts, NodeId self, TimeProvider time)
{
    private readonly ConcurrentDictionary<(Address, Cursor), TaskCompletionSource<string>> _waiting = [];

    /// <summary>Returns who has handled a message first, or null when the time is up.</summary>
    /// <exception cref="Redis.StoreUnavailableException">The store does not answer.</exception>
    public async Task<string?> WaitAsync(Address address, Cursor message, TimeSpan limit, CancellationToken cancellationToken)
    {
        // Before it is asked for: who handles it in between finds this.
        var waiting = _waiting.GetOrAdd(
            (address, message), _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
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
            _waiting.TryRemove(KeyValuePair.Create((address, message), waiting));
        }
    }

    public void Complete(Address address, Cursor message, string holder)
    {
        if (_waiting.TryGetValue((address, message), out var waiting))
        {
            waiting.TrySetResult(holder);
        }
    }
}
