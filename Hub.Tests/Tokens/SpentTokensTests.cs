using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Tokens;

public sealed class SpentTokensTests
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();
    private readonly SpentTokens _spent;
    private readonly string _token = AccessToken.Create().Hash;

    public SpentTokensTests() => _spent = new SpentTokens(Kept, _time);

    [Theory]
    [InlineData(0)]
    [InlineData(59)]
    [InlineData(60)]
    public void A_token_is_remembered_for_as_long_as_one_lives_whenever_it_was_spent(int secondsBefore)
    {
        _time.Advance(TimeSpan.FromSeconds(secondsBefore));
        _spent.TryAdd(_token).Should().BeTrue();

        for (var second = 0; second < 60; second++)
        {
            _spent.TryAdd(_token).Should().BeFalse("only {0} s have passed", second);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public void A_token_is_forgotten_after_twice_that()
    {
        _spent.TryAdd(_token);
        _time.Advance(Kept);
        _spent.TryAdd(AccessToken.Create().Hash);
        _time.Advance(Kept);

        _spent.TryAdd(_token).Should().BeTrue();
    }

    [Fact]
    public void Of_many_at_once_one_is_first() =>
        Enumerable.Range(0, 200).AsParallel().WithDegreeOfParallelism(8).Count(_ => _spent.TryAdd(_token)).Should().Be(1);
}
