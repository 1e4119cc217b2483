using System.Collections.Concurrent;
using System.Security.Claims;
using RealtimeHub.Delivery;
using RealtimeHub.Operations;

namespace RealtimeHub.Control;

/// <summary>
/// The labels whose connections were ended a short time ago: what was minted before, and opens only now, is ended as well.
/// </summary>
internal sealed class EndedLabels(TimeProvider time)
{
    /// <summary>Longer than any token lives.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, CloseReason Reason)> _ended = new(StringComparer.Ordinal);
    private readonly SweepInterval _sweep = new(TimeSpan.FromMinutes(1));

    public void Add(string label, CloseReason reason)
    {
        var now = time.GetUtcNow();
        _ended[label] = (now, reason);
        if (_sweep.TryTake(now))
        {
            foreach (var over in _ended.Where(entry => entry.Value.At < now - Memory))
            {
                _ended.TryRemove(over);
            }
        }
    }

    /// <summary>Why a connection may not be open with a token; null if it may.</summary>
    /// <remarks>The time of a mint is in whole seconds: of the second of the end, all counts as before.</remarks>
    /// <param name="labels">Those of its token.</param>
    /// <param name="user">Whom the token has let in.</param>
    public CloseReason? ReasonFor(IReadOnlyList<string> labels, ClaimsPrincipal user)
    {
        if (_ended.IsEmpty)
        {
            return null;
        }

        var oldest = time.GetUtcNow() - Memory;
        foreach (var label in labels)
        {
            if (_ended.TryGetValue(label, out var ended) && ended.At >= oldest && !(ClientDetails.MintedAt(user) > ended.At))
            {
                return ended.Reason;
            }
        }

        return null;
    }
}
