using Microsoft.AspNetCore.Authentication;

namespace RealtimeHub.Authentication;

/// <summary>One spent token's way to one connection: the user, the credentials that belong to it, the connection it may open.</summary>
/// <remarks>
/// A client whose transport fails may negotiate again with its grant, until its connection has opened. Then the connection before
/// is given up, so that one token never opens two.
/// </remarks>
internal sealed class Negotiation(AuthenticationTicket ticket, string tokenHash, string grantHash)
{
    /// <summary>A client falls back through three transports; more negotiates than this are no fallback.</summary>
    private const int MostNegotiates = 8;

    private readonly Lock _lock = new();
    private readonly List<string> _connectionTokens = [];
    private int _running;
    private long _idleSince;
    private bool _opened;
    private bool _ended;

    public AuthenticationTicket Ticket => ticket;

    public string TokenHash => tokenHash;

    public string GrantHash => grantHash;

    public string User { get; } = TokenTicket.UserOf(ticket);

    /// <summary>All connection tokens that were ever bound, the current one last.</summary>
    public IReadOnlyList<string> ConnectionTokens => _connectionTokens;

    /// <summary>Whether the connection has opened, after which the grant negotiates no more.</summary>
    public bool HasOpened
    {
        get
        {
            lock (_lock)
            {
                return _opened;
            }
        }
    }

    /// <summary>Binds the connection that a negotiate has just made. False if the grant is used up.</summary>
    public bool TryBind(string connectionToken, long now)
    {
        lock (_lock)
        {
            if (_opened || _ended || _connectionTokens.Count == MostNegotiates)
            {
                return false;
            }

            _connectionTokens.Add(connectionToken);
            _idleSince = now;
            return true;
        }
    }

    /// <summary>Marks the connection as open. False if the client has negotiated another one since.</summary>
    public bool TryOpen(string connectionToken)
    {
        lock (_lock)
        {
            return IsCurrent(connectionToken) && (_opened = true);
        }
    }

    /// <summary>Whether the credential is this negotiation's.</summary>
    public bool Owns(Credential credential) => credential.Hash == grantHash || credential.Hash == tokenHash;

    /// <summary>Notes that a request of the connection runs. False if the connection was given up.</summary>
    public bool TryEnter(string connectionToken)
    {
        lock (_lock)
        {
            if (_ended || !IsCurrent(connectionToken))
            {
                return false;
            }

            _running++;
            return true;
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

    private bool IsCurrent(string connectionToken) => _connectionTokens is [.., var current] && current == connectionToken;
}
