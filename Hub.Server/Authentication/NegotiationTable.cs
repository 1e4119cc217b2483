using System.Collections.Concurrent;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.Options;

namespace RealtimeHub.Authentication;

/// <summary>The negotiated connections of this node, by connection token and by credential.</summary>
/// <remarks>
/// In memory, because a negotiated connection lives on its node anyway. An entry is kept while a request of the connection runs and
/// for SignalR's disconnect timeout after, which is how long SignalR itself keeps the connection.
/// </remarks>
internal sealed class NegotiationTable : IDisposable
{
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Negotiation> _byConnectionToken = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Negotiation> _byCredential = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly TimeSpan _kept;
    private readonly ITimer _sweeper;

    public NegotiationTable(TimeProvider time, IOptions<ConnectionOptions> options)
    {
        _time = time;
        _kept = options.Value.DisconnectTimeout ?? TimeSpan.FromSeconds(15);
        _sweeper = time.CreateTimer(_ => Sweep(), state: null, BetweenSweeps, BetweenSweeps);
    }

    /// <summary>The negotiation that made the connection, or null if this node knows no such connection.</summary>
    public Negotiation? FindConnection(string connectionToken) => _byConnectionToken.GetValueOrDefault(connectionToken);

    /// <summary>The negotiation that the credential belongs to, or null.</summary>
    public Negotiation? FindOwner(Credential credential) => _byCredential.GetValueOrDefault(credential.Hash);

    /// <summary>Records that a spent token has negotiated its first connection.</summary>
    public void Add(AuthenticationTicket ticket, string tokenHash, Grant grant, string connectionToken)
    {
        var negotiation = new Negotiation(ticket, tokenHash, grant.Hash);
        negotiation.TryBind(connectionToken, _time.GetTimestamp());
        _byConnectionToken[connectionToken] = negotiation;
        _byCredential[tokenHash] = negotiation;
        _byCredential[grant.Hash] = negotiation;
    }

    /// <summary>Records that a grant has negotiated another connection. False if the one before has opened meanwhile.</summary>
    public bool TryRebind(Negotiation negotiation, string connectionToken)
    {
        if (!negotiation.TryBind(connectionToken, _time.GetTimestamp()))
        {
            return false;
        }

        _byConnectionToken[connectionToken] = negotiation;
        return true;
    }

    /// <summary>Runs a request of the connection, during which the entry is kept. False if the connection was given up.</summary>
    public async Task<bool> TryRunAsync(Negotiation negotiation, string connectionToken, Func<Task> request)
    {
        if (!negotiation.TryEnter(connectionToken))
        {
            return false;
        }

        try
        {
            await request();
        }
        finally
        {
            negotiation.Leave(_time.GetTimestamp());
        }

        return true;
    }

    public void Dispose() => _sweeper.Dispose();

    private void Sweep()
    {
        var deadline = _time.GetTimestamp() - (long)(_kept.TotalSeconds * _time.TimestampFrequency);
        foreach (var (_, negotiation) in _byConnectionToken)
        {
            if (negotiation.TryEnd(deadline))
            {
                Remove(negotiation);
            }
        }
    }

    private void Remove(Negotiation negotiation)
    {
        _byCredential.TryRemove(negotiation.TokenHash, out _);
        _byCredential.TryRemove(negotiation.GrantHash, out _);
        foreach (var connectionToken in negotiation.ConnectionTokens)
        {
            _byConnectionToken.TryRemove(connectionToken, out _);
        }
    }
}
