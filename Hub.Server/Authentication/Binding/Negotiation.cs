using Microsoft.AspNetCore.Authentication;
using RealtimeHub.Authentication.Limits;
using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication.Binding;

/// <summary>What one spent token may do: its user, the credentials that belong to it, and the one connection that it may open.</summary>
/// <remarks>
/// A client whose transport fails may negotiate again with its grant, until its connection has opened. Each time the earlier connection is
/// given up, so that one token never opens two.
/// </remarks>
internal sealed class Negotiation(HubPlace hub, AuthenticationTicket ticket, string tokenHash, string grantHash, ConnectionPlace place)
{
    /// <summary>The most negotiates. A client has three transports to fall back on, so it needs no more.</summary>
    private const int MostNegotiates = 8;

    private readonly Lock _lock = new();
    private readonly List<NegotiatedConnection> _connections = [];
    private int _running;
    private long _idleSince;
    private bool _opened;
    private bool _ended;
    private string? _renewedBy;

    /// <summary>The hub at which the connection was negotiated. The connection can be reached at no other.</summary>
    public HubPlace Hub => hub;

    /// <summary>What lets its requests in: that of the token which has negotiated, or has renewed the connection last.</summary>
    public AuthenticationTicket Ticket
    {
        get => Volatile.Read(ref ticket);
        set => Volatile.Write(ref ticket, value);
    }

    /// <summary>What its token said, if the client asks for a secret to come back with.</summary>
    public TokenRecord? Record { get; init; }

    /// <summary>What its client came back by; null if that was a token.</summary>
    public Reconnection? Reconnection { get; init; }

    public string TokenHash => tokenHash;

    public string GrantHash => grantHash;

    public string User { get; } = TokenTicket.UserOf(ticket);

    /// <summary>All connections that were ever bound, the current one last.</summary>
    public IReadOnlyList<NegotiatedConnection> Connections => _connections;

    /// <summary>
    /// Whether the grant negotiates no more: its connection has opened or was forgotten, or it has negotiated often enough.
    /// </summary>
    public bool IsUsedUp
    {
        get
        {
            lock (_lock)
            {
                return _opened || _ended || _connections.Count == MostNegotiates;
            }
        }
    }

    /// <summary>The connection that has opened, or would now.</summary>
    public string? ConnectionId
    {
        get
        {
            lock (_lock)
            {
                return Current?.Id;
            }
        }
    }

    /// <summary>
    /// Takes note of the token that has renewed the connection: SignalR's clients go on with it, as they did with the first.
    /// </summary>
    public void RenewBy(string hash) => Volatile.Write(ref _renewedBy, hash);

    /// <summary>Binds the connection that a negotiate has just made. False if the grant is used up.</summary>
    public bool TryBind(NegotiatedConnection connection, long now)
    {
        lock (_lock)
        {
            if (IsUsedUp)
            {
                return false;
            }

            _connections.Add(connection);
            _idleSince = now;
            return true;
        }
    }

    /// <summary>
    /// Marks a connection as open, before SignalR opens it. False if it does not belong to this negotiation, or if the client has
    /// negotiated another since.
    /// </summary>
    public bool TryOpen(string connectionId)
    {
        lock (_lock)
        {
            if (Current?.Id != connectionId)
            {
                return false;
            }

            _opened = true;
        }

        place.Open();
        return true;
    }

    /// <summary>Gives back the connection's place: it has ended, or will not open any more.</summary>
    public void GiveBackPlace() => place.Dispose();

    /// <summary>Whether the credential belongs to this negotiation, and so does the token in the address, if there is one.</summary>
    public bool Owns(HubRequest request) =>
        request.Credential?.Hash is { } hash && (hash == grantHash || hash == tokenHash || hash == Volatile.Read(ref _renewedBy))
        && (request.TokenInAddress is not { } token || token.Hash == tokenHash);

    /// <summary>Notes that a request of the connection runs. Null if the connection was given up.</summary>
    public NegotiatedConnection? TryEnter(string connectionToken)
    {
        lock (_lock)
        {
            if (_ended || Current?.Token != connectionToken)
            {
                return null;
            }

            _running++;
            return Current;
        }
    }

    public void Leave(long now)
    {
        lock (_lock)
        {
            _running--;
            _idleSince = now;
        }
    }

    /// <summary>Ends the negotiation if no request of it has run since <paramref name="deadline"/>.</summary>
    public bool TryEnd(long deadline)
    {
        lock (_lock)
        {
            return _ended |= _running == 0 && _idleSince < deadline;
        }
    }

    private NegotiatedConnection? Current => _connections is [.., var current] ? current : null;
}
