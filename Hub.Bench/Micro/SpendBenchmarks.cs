using BenchmarkDotNet.Attributes;
using RealtimeHub.Tokens;

namespace RealtimeHub.Bench.Micro;

/// <summary>
/// What a node does for a connection before all else: it spends the token. One after the other, so in Redis each is a round trip.
/// </summary>
[MemoryDiagnoser]
public class SpendBenchmarks
{
    private const int Count = 5_000;

    private BareNode? _node;
    private AccessToken[] _tokens = [];

    [ParamsAllValues]
    public Store Store { get; set; }

    [GlobalSetup]
    public async Task StartAsync() => _node = await BareNode.StartAsync(Store);

    [IterationSetup]
    public void Mint() => _tokens = Task.WhenAll(Enumerable.Range(0, Count).Select(
        number => _node!.Tokens.MintAsync(new TokenRecord { Subject = $"user{number}" }))).GetAwaiter().GetResult();

    [Benchmark(OperationsPerInvoke = Count)]
    public async Task SpendAsync()
    {
        foreach (var token in _tokens)
        {
            if (!(await _node!.Tokens.SpendAsync(token)).IsAccepted)
            {
                throw new InvalidOperationException("A token was refused: what was measured is not what was meant.");
            }
        }
    }

    [GlobalCleanup]
    public async Task EndAsync() => await _node!.DisposeAsync();
}
