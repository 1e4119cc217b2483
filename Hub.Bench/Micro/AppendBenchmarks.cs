using BenchmarkDotNet.Attributes;
using RealtimeHub.Routing;

namespace RealtimeHub.Bench.Micro;

/// <summary>
/// The router's part of a durable message to a user who is connected: append and route, one by one, and a hundred to as many users.
/// </summary>
[MemoryDiagnoser]
public class AppendBenchmarks
{
    private const int BatchSize = 100;

    private BareNode? _node;
    private Envelope[] _batch = [];

    [ParamsAllValues]
    public Store Store { get; set; }

    [GlobalSetup]
    public async Task StartAsync()
    {
        _node = await BareNode.StartAsync(Store);
        _batch = [.. Enumerable.Range(0, BatchSize).Select(number => Samples.EnvelopeTo(Address.User($"user{number}")))];
        await Task.WhenAll(_batch.Select((message, number) => _node.Router.AttachAsync(message.Address, $"connection{number}")));
    }

    [Benchmark]
    public Task OneAsync() => _node!.Router.PublishAsync(_batch[0]);

    [Benchmark(OperationsPerInvoke = BatchSize)]
    public Task InBatchAsync() => Task.WhenAll(_node!.Router.PublishAll(_batch));

    [GlobalCleanup]
    public async Task EndAsync() => await _node!.DisposeAsync();
}
