using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

/// <summary>The heads that a client is told as its connection opens: of each address the one behind which its messages begin.</summary>
/// <remarks>
/// A client without a cursor begins there. So it is not the head of a later moment: what came between would count as known.
/// </remarks>
internal sealed class OpeningHeads
{
    private readonly Dictionary<Address, Cursor> _heads = [];

    /// <summary>Takes note of a head, unless there is one: the first is the one behind which the messages begin.</summary>
    public void Note(Address address, Cursor head)
    {
        lock (_heads)
        {
            _heads.TryAdd(address, head);
        }
    }

    public Cursor? At(Address address)
    {
        lock (_heads)
        {
            return _heads.TryGetValue(address, out var head) ? head : null;
        }
    }
}
