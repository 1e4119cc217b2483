using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Ingress.RabbitMq;

namespace RealtimeHub.Tests.Ingress.RabbitMq;

public sealed class BackoffTests
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(0, 0.8)]
    [InlineData(0.5, 1)]
    [InlineData(1, 1.2)]
    public async Task A_wait_is_spread_by_a_fifth(double random, double seconds) =>
        (await WaitOfAsync(new Backoff(First, Longest, _time, () => random))).Should().Be(TimeSpan.FromSeconds(seconds));

    [Fact]
    public async Task Each_wait_is_twice_as_long_up_to_the_longest_and_a_success_begins_again()
    {
        var backoff = new Backoff(First, Longest, _time, () => 0.5);

        (await WaitsAsync(backoff, 5)).Should().Equal(1, 2, 4, 5, 5);
        backoff.Reset();
        (await WaitsAsync(backoff, 2)).Should().Equal(1, 2);
    }

    private async Task<List<double>> WaitsAsync(Backoff backoff, int count)
    {
        var waits = new List<double>();
        while (waits.Count < count)
        {
            waits.Add((await WaitOfAsync(backoff)).TotalSeconds);
        }

        return waits;
    }

    private async Task<TimeSpan> WaitOfAsync(Backoff backoff)
    {
        var begun = _time.GetUtcNow();
        var waiting = backoff.WaitAsync(CancellationToken.None);
        while (!waiting.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        await waiting;
        return _time.GetUtcNow() - begun;
    }
}
