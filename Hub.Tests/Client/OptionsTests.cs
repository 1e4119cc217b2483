using RealtimeHub.Client;
using RealtimeHub.Client.Connecting;

namespace RealtimeHub.Tests.Client;

public sealed class OptionsTests
{
    private static readonly PushClientOptions Valid = new() { Url = new Uri("https://example.com/hub"), Token = _ => Task.FromResult<AccessToken>("t") };

    [Theory]
    [InlineData("/hub")]
    [InlineData("ws://127.0.0.1/hub")]
    public void A_url_is_absolute_and_http(string url) =>
        FluentActions.Invoking(() => new PushClient(Valid with { Url = new Uri(url, UriKind.RelativeOrAbsolute) })).Should()
            .Throw<ArgumentException>();

    [Theory]
    [InlineData(0, 30_000)]
    [InlineData(-1, 30_000)]
    [InlineData(2_000, 1_000)]
    [InlineData(1_000, 86_400_001)]
    public void Waits_are_positive_and_grow_up_to_a_day(int first, int max) =>
        FluentActions.Invoking(() => new PushClient(
            Valid with { Retry = new() { First = TimeSpan.FromMilliseconds(first), Max = TimeSpan.FromMilliseconds(max) } }))
            .Should().Throw<ArgumentOutOfRangeException>();

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 1, 2)]
    [InlineData(4, 0.5, 8)]
    [InlineData(5, 1, 30)]
    [InlineData(int.MaxValue, 1, 30)]
    [InlineData(int.MaxValue, 0, 0)]
    public void A_wait_is_random_up_to_a_limit_that_doubles(int attempt, double random, double seconds) =>
        new ReconnectPolicy(new RetryOptions(), () => random).Delay(attempt).Should().Be(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void Chance_covers_the_range_from_zero_to_one()
    {
        var numbers = Enumerable.Range(0, 10_000).Select(_ => ReconnectPolicy.Random()).ToList();

        numbers.Should().OnlyContain(number => number >= 0 && number <= 1);
        numbers.Average().Should().BeApproximately(0.5, 0.05);
    }
}
