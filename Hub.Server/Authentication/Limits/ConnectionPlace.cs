namespace RealtimeHub.Authentication.Limits;

/// <summary>
/// A connection's place among those that this node may have: from before its token is spent until it has ended, or was let in to nothing.
/// It has one owner at a time, who gives it back.
/// </summary>
/// <param name="connection">Its place among the connections.</param>
/// <param name="unopened">Its place among those that were negotiated and have not opened.</param>
internal sealed class ConnectionPlace(QuotaLease connection, QuotaLease unopened) : IDisposable
{
    /// <summary>That of a connection that nothing limits.</summary>
    public static readonly ConnectionPlace Unlimited = new(QuotaLease.OfNoLimit, QuotaLease.OfNoLimit);

    private QuotaLease _connection = connection;
    private QuotaLease _unopened = unopened;

    /// <summary>Hands it to another owner. This one gives nothing back any more.</summary>
    public ConnectionPlace Move() => this == Unlimited ? this : new ConnectionPlace(
        Interlocked.Exchange(ref _connection, QuotaLease.OfNoLimit), Interlocked.Exchange(ref _unopened, QuotaLease.OfNoLimit));

    /// <summary>Takes note that the negotiated connection has opened.</summary>
    public void Open() => _unopened.Dispose();

    /// <summary>Gives it back.</summary>
    public void Dispose()
    {
        _unopened.Dispose();
        _connection.Dispose();
    }
}
