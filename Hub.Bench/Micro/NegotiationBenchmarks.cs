using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.Options;
using RealtimeHub.Authentication;
using RealtimeHub.Authentication.Binding;
using RealtimeHub.Authentication.Limits;
using RealtimeHub.Tokens;

namespace RealtimeHub.Bench.Micro;

/// <summary>Whose request is this? Asked for each one of a negotiated connection, of which the node has ten thousand.</summary>
[MemoryDiagnoser]
public class NegotiationBenchmarks : IDisposable
{
    private const int Count = 10_000;

    private readonly NegotiatedConnection[] _connections =
        [.. Enumerable.Range(0, Count).Select(number => NegotiatedConnection.Create($"connection {number}", $"connection token {number}"))];

    private readonly Credential[] _credentials = new Credential[Count];
    private NegotiationTable? _table;
    private int _next;

    [GlobalSetup]
    public void Fill()
    {
        // No request holds them open here, and yet they shall stay.
        _table = new NegotiationTable(
            TimeProvider.System, Options.Create(new ConnectionOptions { DisconnectTimeout = TimeSpan.FromDays(1) }));
        var hub = new HubPlace(new SingleUseTokenMetadata(), "/hub");
        for (var number = 0; number < Count; number++)
        {
            var grant = Grant.Create();
            _credentials[number] = Credential.Parse(grant.Reveal(), acceptSeedFormat: false)!.Value;
            var ticket = TokenTicket.For(new TokenRecord { Subject = $"user{number}" }, SingleUseTokenDefaults.AuthenticationScheme);
            var negotiation = new Negotiation(hub, ticket, AccessToken.Create().Hash, grant.Hash, ConnectionPlace.Unlimited);
            _table.Add(negotiation, _connections[number]);
        }
    }

    [Benchmark]
    public object? FindConnection() => _table!.FindConnection(_connections[Next()].Token);

    [Benchmark]
    public object? FindOwner() => _table!.FindOwner(_credentials[Next()]);

    [GlobalCleanup]
    public void Dispose()
    {
        _table?.Dispose();
        GC.SuppressFinalize(this);
    }

    // Far from the one before, so that the processor's caches know it no better than any other.
    private int Next() => _next = (_next + 3_947) % Count;
}
