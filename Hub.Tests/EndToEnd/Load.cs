using System.Collections.Concurrent;
using RealtimeHub.Publishing;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Tests.EndToEnd;

/// <summary>
/// Publishes numbered messages to several addresses, to each one after the other: what Redis does not answer to is tried again under the
/// same idempotency key before the next.
/// </summary>
internal sealed class Load(IPublisher publisher, IReadOnlyList<Address> addresses)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentDictionary<Address, int> _last = new();
    private readonly Dictionary<Address, SemaphoreSlim> _turns = addresses.ToDictionary(address => address, _ => new SemaphoreSlim(1, 1));

    /// <summary>How many were published.</summary>
    public int Count => _last.Values.Sum();

    /// <summary>The number of the last message of an address.</summary>
    public int LastOf(Address address) => _last.GetValueOrDefault(address);

    /// <summary>
    /// Publishes about a hundred a second to each address until it is cancelled, each of them ending with a message that was published.
    /// </summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(addresses.Select(address => RunAsync(address, cancellationToken)));

    /// <summary>Publishes the next messages of an address.</summary>
    public async Task PublishAsync(Address address, int count)
    {
        await _turns[address].WaitAsync();
        try
        {
            for (var turn = 0; turn < count; turn++)
            {
                var number = LastOf(address) + 1;
                await PublishNumberAsync(address, number);
                _last[address] = number;
            }
        }
        finally
        {
            _turns[address].Release();
        }
    }

    private async Task RunAsync(Address address, CancellationToken cancellationToken)
    {
        using var pace = new PeriodicTimer(Pace);
        while (!cancellationToken.IsCancellationRequested)
        {
            await pace.WaitForNextTickAsync(CancellationToken.None);
            await PublishAsync(address, 1);
        }
    }

    private async Task PublishNumberAsync(Address address, int number)
    {
        using var pace = new PeriodicTimer(Pace);
        var options = new PublishOptions { IdempotencyKey = $"{number}" };
        while (true)
        {
            try
            {
                await publisher.PublishAsync(address, "numbered", number, options);
                return;
            }
            catch (StoreUnavailableException)
            {
                await pace.WaitForNextTickAsync();
            }
        }
    }
}
