using System.Text;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Tokens;

/// <summary>In which epoch a token counts as minted, whoever has minted it.</summary>
public sealed class TokenEpochTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_790_000_000);

    [Theory]
    [InlineData("""{"sub":"alice","epoch":1789999999123,"iat":1789999990}""", 1_789_999_999_123)]
    [InlineData("""{"sub":"alice","epoch":0,"iat":1789999990}""", 0)]
    public void It_is_the_epoch_that_its_minter_has_read(string record, long epoch) => EpochOf(record).Should().Be(epoch);

    [Theory]
    [InlineData("""{"sub":"alice","iat":1789999990}""", 1_789_999_990_999)]
    [InlineData("""{"sub":"alice","iat":1789999990.25}""", 1_789_999_991_249)]
    public void Where_its_minter_has_read_none_it_is_the_time_of_its_mint_with_a_second_of_slack(string record, long epoch) =>
        EpochOf(record).Should().Be(epoch);

    [Fact]
    public void Of_a_token_that_does_not_say_when_it_was_minted_it_is_the_earliest_time_at_which_it_can_have_been() =>
        EpochOf("""{"sub":"alice"}""").Should().Be(Now.AddMinutes(-5).ToUnixTimeMilliseconds());

    [Theory]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("\"1789999999123\"")]
    [InlineData("1e400")]
    public void What_is_no_epoch_opens_nothing_and_the_log_can_say_why(string epoch)
    {
        TokenRecord.TryParse(Encoding.UTF8.GetBytes($$"""{"sub":"alice","epoch":{{epoch}}}"""), out _, out var mistake).Should().BeFalse();

        mistake.Should().Be("epoch must be a whole number of milliseconds since 1970");
    }

    private static long? EpochOf(string record)
    {
        TokenRecord.TryParse(Encoding.UTF8.GetBytes(record), out var parsed, out _).Should().BeTrue();
        return SpendResult.Of(parsed!, Now).Record!.Epoch;
    }
}
