using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using RealtimeHub.Authentication;
using RealtimeHub.Operations;
using RealtimeHub.Routing;
using RealtimeHub.Transport;

namespace RealtimeHub.Delivery;

/// <summary>A connection of this node, and what the node knows of it.</summary>
internal sealed class ClientConnection
{
    /// <summary>The most groups that a connection may be in.</summary>
    public const int MaxGroups = 1_000;

    /// <summary>The most characters in the names of all its groups: what it sends back in one call of <c>Resume</c>.</summary>
    public const int MaxCharacters = 64 * 1024;

    private readonly Dictionary<Address, GroupSources> _groups = [];
    private readonly HubConnectionContext _context;
    private ConnectionDetails _details;
    private long _renewsTo;
    private readonly CloseLog _log;
    private int _characters;
    private bool _isOver;
    private long _lastRead;
    private volatile bool _isReplaced;
    private CloseReason? _reason;

    public ClientConnection(HubConnectionContext context, CloseLog log, DateTimeOffset since)
    {
        (_context, _log) = (context, log);
        Id = context.ConnectionId;
        var admission = context.GetHttpContext() is { } http ? Admission.Of(http) : null;
        var entered = admission?.Entered(Id);
        Offer = admission?.Offer(entered is not null);
        _details = entered?.Details ?? (ClientDetails.Of(context, since) with { SecretHash = Offer?.Secret.Hash });
        Reconnection = admission?.Reconnection;
        TakesTraces = admission?.Request.AsksForTraces ?? false;
        MayMove = Offer is not null;

        // What the token says, whatever the host's IUserIdProvider makes of it for hubs of its own.
        var user = TokenTicket.UserOf(context.User);
        User = Identifier.IsValid(user) ? Address.User(user!) : null;
        IsCanary = user is not null && CanaryUsers.IsNamedLikeOne(user);

        var answer = context.Features.Get<IHeldAnswerFeature>();
        if (answer?.IsHeld == true)
        {
            Opening = new OpeningHeads();
            Cursors.Keep();
        }

        // The transport breaks, without a closing message, which would wait behind the rest.
        Outbox = new Outbox(
            context,
            onTooSlow: () =>
            {
                End(CloseReason.TooSlow);
                Abort();
            },
            Opening is null ? null : answer);
    }

    public string Id { get; }

    /// <summary>Whether its client is told where publishers stand in traces.</summary>
    public bool TakesTraces { get; }

    /// <summary>The address of its user; null in a host that lets in who has no name.</summary>
    public Address? User { get; }

    /// <summary>Whether a node is its own client on it: it counts as nobody, and gets nothing that is for everyone.</summary>
    public bool IsCanary { get; }

    /// <summary>Where the directory has it: at its user, or, without one, at everyone.</summary>
    public Address EnteredAt => User ?? Address.Everyone;

    /// <summary>The connection, as SignalR knows it.</summary>
    public HubConnectionContext Context => _context;

    /// <summary>What the directory is to know of it. It changes when the connection is renewed.</summary>
    public ConnectionDetails Details
    {
        get => Volatile.Read(ref _details);
        set => Volatile.Write(ref _details, value);
    }

    /// <summary>
    /// The epoch of which its next token must be; 0 while nobody has asked for one. Who has asked ends it if it has none in time.
    /// </summary>
    public long RenewsTo
    {
        get => Volatile.Read(ref _renewsTo);
        set => Volatile.Write(ref _renewsTo, value);
    }

    public Outbox Outbox { get; }

    public ClientCursors Cursors { get; } = new();

    /// <summary>What it is to be told ahead of all else, as it has asked for it; null if it has not, or has been told.</summary>
    public OpeningHeads? Opening { get; private set; }

    /// <summary>What it is given to come back with, as it has asked for it; null if it has not, or has been told.</summary>
    public ReconnectOffer? Offer { get; private set; }

    /// <summary>Whether it was attached, and got what waited for it; otherwise it is refused when it ends.</summary>
    public bool HasOpened { get; private set; }

    /// <summary>What its client came back by; null if that was a token, or once it is open.</summary>
    public Reconnection? Reconnection { get; private set; }

    /// <summary>
    /// Whether its client can be told to move to another connection, and close this one then: it has asked for what that takes.
    /// </summary>
    public bool MayMove { get; }

    /// <summary>Whether its client has come back on another connection, so that the directory has this one no more.</summary>
    public bool IsReplaced => _isReplaced;

    /// <summary>Why it ends on our side; null while it does not.</summary>
    public CloseReason? Reason => Volatile.Read(ref _reason);

    public IReadOnlyList<Address> Groups
    {
        get
        {
            lock (_groups)
            {
                return [.. _groups.Keys];
            }
        }
    }

    /// <summary>All that it gets the messages of.</summary>
    public IEnumerable<Address> Addresses => User is { } user ? [user, Address.Everyone, .. Groups] : [Address.Everyone, .. Groups];

    /// <summary>Takes note of why it ends, once: the first reason counts, and is counted.</summary>
    public bool End(CloseReason reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is not null)
        {
            return false;
        }

        _log.Add(reason, this);
        return true;
    }

    /// <summary>
    /// Tells the client what it has asked for, together with the answer to its handshake if that was held, and then all that has waited.
    /// </summary>
    /// <param name="asked">Null for a client that has not asked.</param>
    public void Open(Outgoing? asked = null)
    {
        HasOpened = true;
        Outbox.Open(asked);
        (Opening, Offer, Reconnection) = (null, null, null);
    }

    /// <summary>
    /// Tells the client why it is to go, ahead of all that waits for it, and writes nothing more to it. The client closes the connection.
    /// </summary>
    public void Close(CloseReason reason)
    {
        if (End(reason))
        {
            Outbox.Close(Outgoing.Close(reason));
        }
    }

    /// <summary>Closes the connection: nothing that waits is written any more, only SignalR's closing message, with the reason.</summary>
    /// <remarks>
    /// Also where the client may come back, which <see cref="ReasonedProtocol"/> tells it: to request the end of the connection would take
    /// effect a moment later, and a call that has come until then would still be answered.
    /// </remarks>
    /// <returns>False if it was ending already.</returns>
    public bool Shut(CloseReason reason)
    {
        if (!End(reason))
        {
            return false;
        }

        Outbox.Close(call: null);
        _context.Abort();
        return true;
    }

    /// <summary>Takes note that another has taken its place.</summary>
    public void Replace() => _isReplaced = true;

    /// <summary>Breaks its transport: a client that takes nothing is told nothing.</summary>
    public void Abort() => _context.Features.Get<IConnectionLifetimeFeature>()?.Abort();

    /// <returns>False if it was in the group before, or is over.</returns>
    /// <exception cref="InvalidOperationException">It is in as many groups as it may be.</exception>
    public bool Enter(Address group, GroupSources source)
    {
        lock (_groups)
        {
            var isNew = !_isOver && !_groups.ContainsKey(group);
            return TryEnter(group, source) ? isNew : throw new InvalidOperationException(
                $"A connection may be in {MaxGroups} groups, with {MaxCharacters} characters in all their names.");
        }
    }

    /// <returns>Whether that was all that kept it in the group.</returns>
    public bool Exit(Address group, GroupSources source = GroupSources.Any)
    {
        lock (_groups)
        {
            return TryExit(group, source);
        }
    }

    /// <summary>Leaves all groups, and enters none any more.</summary>
    /// <returns>Those that it was in.</returns>
    public IReadOnlyList<Address> ExitAll()
    {
        lock (_groups)
        {
            Address[] left = [.. _groups.Keys];
            _groups.Clear();
            (_characters, _isOver) = (0, true);
            return left;
        }
    }

    /// <summary>Takes note of the groups that its user is in for long, unless a later look has been noted.</summary>
    /// <param name="lasting">The groups.</param>
    /// <param name="read">The number of the look: what began later knows more.</param>
    public GroupChanges Change(IReadOnlyList<Address> lasting, long read)
    {
        lock (_groups)
        {
            if (_isOver || read < _lastRead || (lasting.Count == 0 && _groups.Count == 0))
            {
                _lastRead = Math.Max(read, _lastRead);
                return default;
            }

            _lastRead = read;
            var before = _groups.Keys.ToHashSet();
            foreach (var over in before.Except(lasting))
            {
                TryExit(over, GroupSources.Lasting);
            }

            var refused = lasting.Count(group => !TryEnter(group, GroupSources.Lasting));
            return new GroupChanges([.. _groups.Keys.Except(before)], [.. before.Except(_groups.Keys)], refused);
        }
    }

    /// <summary>Whether it gets the messages of an address.</summary>
    public bool Owns(Address address) => address == User || address == Address.Everyone || IsIn(address);

    private static int CharactersOf(Address group) => group.Name.Length;

    /// <summary>Whether it is in a group.</summary>
    public bool IsIn(Address group)
    {
        lock (_groups)
        {
            return _groups.ContainsKey(group);
        }
    }

    /// <returns>False if it is in as many groups as it may be.</returns>
    private bool TryEnter(Address group, GroupSources source)
    {
        if (_isOver)
        {
            return true;
        }

        if (_groups.TryGetValue(group, out var sources))
        {
            _groups[group] = sources | source;
            return true;
        }

        if (_groups.Count == MaxGroups || _characters + CharactersOf(group) > MaxCharacters)
        {
            return false;
        }

        _characters += CharactersOf(group);
        _groups.Add(group, source);
        return true;
    }

    private bool TryExit(Address group, GroupSources source)
    {
        if (!_groups.TryGetValue(group, out var sources))
        {
            return false;
        }

        if ((sources & ~source) is not GroupSources.None and var left)
        {
            _groups[group] = left;
            return false;
        }

        _characters -= CharactersOf(group);
        return _groups.Remove(group);
    }
}
