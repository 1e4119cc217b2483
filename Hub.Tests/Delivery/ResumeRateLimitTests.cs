using RealtimeHub.Delivery;

namespace RealtimeHub.Tests.Delivery;

public sealed class ResumeRateLimitTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    private readonly ResumeRateLimit _limit = new();

    [Fact]
    public void A_client_may_resume_ten_times_in_a_row() =>
        Take(10, Start).Should().OnlyContain(wait => wait == TimeSpan.Zero);

    [Fact]
    public void After_that_it_waits_for_five_a_second()
    {
        var waits = Take(20, Start);

        waits[10..].Should().Equal(Enumerable.Range(1, 10).Select(turn => TimeSpan.FromMilliseconds(200 * turn)));
    }

    [Fact]
    public void Who_has_rested_may_do_it_again()
    {
        Take(10, Start);

        Take(10, Start + TimeSpan.FromSeconds(2)).Should().OnlyContain(wait => wait == TimeSpan.Zero);
    }

    [Fact]
    public async Task Those_who_come_at_once_wait_one_behind_the_other()
    {
        var waits = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => _limit.Take(Start))));

        waits.Order().Should().Equal(Enumerable.Range(0, 40).Select(turn => TimeSpan.FromMilliseconds(Math.Max(0, 200 * (turn - 9)))));
    }

    private TimeSpan[] Take(int turns, DateTimeOffset now) => [.. Enumerable.Range(0, turns).Select(_ => _limit.Take(now))];
}
