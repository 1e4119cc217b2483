using RealtimeHub.Redis;

namespace RealtimeHub.Routing;

/// <summary>Enters who is attached where, keeps the log of each address, and brings each message to the nodes that need it.</summary>
/// <remarks>All of it throws <see cref="StoreUnavailableException"/> while the store does not answer.</remarks>
internal interface IMessageRouter
{
    /// <summary>
    /// Enters a connection of this node in the directory: from then on the inbox gets the address's messages. A node attaches a group once,
    /// with its first member. To attach again changes nothing. A connection of a user whose <see cref="IEpochs"/> refuses it is not entered.
    /// </summary>
    /// <param name="address">Its user, or a group. A connection without a user is attached to <c>everyone</c>, of which the inbox gets the
    /// messages anyway, so that the directory can find it.</param>
    /// <param name="connectionId">The connection; for a group it does not matter which.</param>
    /// <param name="known">The last id of the log that this node has seen. If the log has lost it, a gap is written there: nobody resumes
    /// across that as if nothing were gone.</param>
    /// <param name="details">What the directory is to know of the connection.</param>
    /// <param name="record">The record of its token, which is kept under the secret that the details name. Empty for a connection that is
    /// attached again, or has no secret.</param>
    Task<AttachResult> AttachAsync(
        Address address, string connectionId, Cursor? known = null, ConnectionDetails? details = null,
        ReadOnlyMemory<byte> record = default);

    /// <summary>
    /// Has the directory know a connection of a user by what its new token says. One whose <see cref="IEpochs"/> refuses it stays as it was:
    /// compared and written in one step. What the directory has lost is not entered again.
    /// </summary>
    /// <param name="user">Its user.</param>
    /// <param name="connectionId">The connection.</param>
    /// <param name="details">What is known of it with the new token.</param>
    /// <param name="record">The record of the new token, as it is stored: it is kept under the secret of the connection, if it has one.</param>
    /// <returns>Without a head.</returns>
    Task<AttachResult> RenewAsync(Address user, string connectionId, ConnectionDetails details, ReadOnlyMemory<byte> record = default);

    /// <summary>Takes out what <see cref="AttachAsync"/> has entered.</summary>
    /// <param name="address">Where it was attached.</param>
    /// <param name="connectionId">The connection.</param>
    /// <param name="isForGood">Whether its secret goes with it. Otherwise it is good for <see cref="IReconnects.Memory"/>.</param>
    Task DetachAsync(Address address, string connectionId, bool isForGood = false);

    /// <summary>Looks at many attachments at once, and changes nothing.</summary>
    /// <returns>Of which addresses something is not as the node knows it, or may not be: there it is to attach again.</returns>
    Task<IReadOnlySet<Address>> FindChangedAsync(IReadOnlyCollection<Attachment> attachments);

    /// <summary>
    /// Appends a message to the log of its address and sends it to the nodes, in one step. A transient one it only sends.
    /// </summary>
    /// <returns>The message's id.</returns>
    /// <exception cref="IdempotencyConflictException">Its idempotency key stands for another message.</exception>
    Task<Cursor> PublishAsync(Envelope message);

    /// <summary>Publishes many at once, those of one address in their order.</summary>
    IReadOnlyList<Task<Cursor>> PublishAll(IReadOnlyList<Envelope> messages);

    /// <summary>The head of a log. A log that is not there yet is given a head of its own.</summary>
    /// <param name="address">Whose log.</param>
    /// <param name="known">As for <see cref="AttachAsync"/>.</param>
    Task<Cursor> HeadAsync(Address address, Cursor? known = null);

    /// <summary>Removes the log of an address and its head, as if nothing had ever been published there. Nobody may be attached.</summary>
    Task ForgetAsync(Address address);

    /// <summary>
    /// What the log holds after a cursor, or, for one that is none (null), all of it as not recovered. A page has at most
    /// <paramref name="maxBytes"/> of bodies, or one message.
    /// </summary>
    Task<LogPage> ReadAsync(Address address, Cursor? after, int maxBytes);

    /// <summary>Everything that the log holds, as one who was never there asks for it: recovered.</summary>
    Task<LogPage> ReadRetainedAsync(Address address, int maxBytes);

    /// <summary>Looks for a message in the log of its address, and changes nothing.</summary>
    Task<LogEntry> FindAsync(Address address, Cursor id);

    /// <summary>
    /// Looks at the newest messages of a log, at most <paramref name="limit"/>, and at how many were published of late. Changes nothing.
    /// </summary>
    Task<LogTail> TailAsync(Address address, int limit);

    /// <summary>Sends something to every node on which the address has connections; for <c>everyone</c> to every node.</summary>
    Task SendCommandAsync(Address address, ReadOnlyMemory<byte> command);

    /// <summary>Sends something to one node.</summary>
    /// <returns>False if it is certain that no such node has received it.</returns>
    Task<bool> SendCommandAsync(NodeId node, ReadOnlyMemory<byte> command);
}
