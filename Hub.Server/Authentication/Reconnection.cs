using RealtimeHub.Routing;
using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>
/// A client that comes back by a secret. Its connection may be in the directory before it opens: if it never does, that is undone when its
/// request ends.
/// </summary>
internal sealed class Reconnection(Departures departures, Address user) : IAsyncDisposable
{
    private Expectation? _expectation;
    private Reconnected? _reconnected;
    private int _isOver;

    public Address User => user;

    /// <summary>The connection that is to be entered in the directory with the secret; null if it is attached as any other.</summary>
    public ReconnectingConnection? Next { get; private set; }

    /// <summary>Its id; null if it has none yet.</summary>
    public string? ConnectionId => Next?.Id;

    /// <summary>What that connection may come back with the next time.</summary>
    public ReconnectSecret? Secret { get; private set; }

    /// <summary>What its token said; null before the secret was taken.</summary>
    public TokenRecord? Record { get; private set; }

    /// <summary>The connection as it is in the directory, and nobody's yet; null if there is none.</summary>
    public AttachedConnection? Entered => Volatile.Read(ref _isOver) == 0 ? _reconnected?.Entered : null;

    /// <summary>The connection whose place it takes, and its node; null if that one has ended.</summary>
    public (string Id, NodeId Node)? Replaced => _reconnected is { ReplacedId: var id, ReplacedNode: { } node } ? (id, node) : null;

    /// <summary>Has a connection be entered with the secret. From now on it is noted what comes for its user.</summary>
    public void Prepare((string Id, ConnectionDetails Details) next, ReconnectSecret secret, ExpectedUsers expected)
    {
        (Next, Secret) = (new ReconnectingConnection(next.Id, next.Details with { SecretHash = secret.Hash }), secret);
        _expectation = expected.Expect(user, next.Id);
    }

    /// <summary>Takes note of what the secret was good for.</summary>
    public void Complete(Reconnected reconnected, TokenRecord record) => (_reconnected, Record) = (reconnected, record);

    /// <summary>Takes note that nothing was entered.</summary>
    public void Abandon() => TryEnd();

    /// <summary>
    /// Hands the connection, which has joined those of this node, to its owner, who takes it out of the directory in the end.
    /// </summary>
    /// <returns>
    /// What it is to know, with what has come since it was entered; null if it is to be attached as any other, since it is not entered, or
    /// something has changed meanwhile.
    /// </returns>
    public AttachResult? Take()
    {
        if (_reconnected is not { Entered: not null } reconnected || !TryEnd() || _expectation is not { } expected)
        {
            return null;
        }

        LetGo(reconnected);
        return expected.IsEnded ? new AttachResult(AttachOutcome.Ended)
            : expected.HasChanged ? null
            : new AttachResult(AttachOutcome.Attached, expected.Last ?? reconnected.Head) { Lasting = reconnected.Lasting };
    }

    /// <summary>Takes a connection that has not opened out of the directory.</summary>
    public async ValueTask DisposeAsync()
    {
        if (TryEnd() && Next is { } next)
        {
            await departures.DetachAsync(user, next.Id, isForGood: true);
        }
    }

    private bool TryEnd()
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0)
        {
            return false;
        }

        _expectation?.End();
        return true;
    }

    // The request keeps this for as long as the connection is open.
    private void LetGo(Reconnected reconnected)
    {
        (Next, Secret, Record, _expectation) = (null, null, null, null);
        _reconnected = new Reconnected(reconnected.ReplacedId, reconnected.ReplacedNode, Record: default);
    }
}
