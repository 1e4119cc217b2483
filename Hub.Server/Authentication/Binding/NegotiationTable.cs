using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.Options;

namespace RealtimeHub.Authentication.Binding;

/// <summary>The negotiated connections of this node, by connection token and by credential.</summary>
/// <remarks>
/// In memory, because a negotiated connection lives on one node. An entry is kept while a request of the connection runs, and after that
/// for SignalR's disconnect timeout: as long as SignalR itself keeps the connection.
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
    public void Add(Negotiation negotiation, NegotiatedConnection connection)
    {
        negotiation.TryBind(connection, _time.GetTimestamp());
        _byConnectionToken[connection.Token] = negotiation;
        _byCredential[negotiation.TokenHash] = negotiation;
        _byCredential[negotiation.GrantHash] = negotiation;
    }

    /// <summary>Records that a grant has negotiated another connection. False if the earlier one has opened meanwhile.</summary>
    public bool TryRebind(Negotiation negotiation, NegotiatedConnection connection)
    {
        if (!negotiation.TryBind(connection, _time.GetTimestamp()))
        {
            return false;
        }

        _byConnectionToken[connection.Token] = negotiation;
        return true;
    }

    /// <summary>Runs a request of the connection, during which the entry is kept. False if the connection was given up.</summary>
    public async Task<bool> TryRunAsync(Negotiation negotiation, string connectionToken, Func<NegotiatedConnection, Task> request)
    {
        if (negotiation.TryEnter(connectionToken) is not { } connection)
        {
            return false;
        }

        try
        {
            await request(connection);
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
        negotiation.GiveBackPlace();
        _byCredential.TryRemove(negotiation.TokenHash, out _);
        _byCredential.TryRemove(negotiation.GrantHash, out _);
        foreach (var connection in negotiation.Connections)
        {
            _byConnectionToken.TryRemove(connection.Token, out _);
        }
    }
}
