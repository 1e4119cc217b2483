using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Tokens;

public sealed class TokenOptionsTests
{
    [Theory]
    [InlineData("00:00:01", true)]
    [InlineData("00:00:00.999", false)]
    [InlineData("00:05:00", true)]
    [InlineData("00:05:00.001", false)]
    public void A_token_lives_between_a_second_and_five_minutes(string lifetime, bool isAllowed) =>
        new TokenOptionsValidator().Validate(null, new TokenOptions { Lifetime = TimeSpan.Parse(lifetime, System.Globalization.CultureInfo.InvariantCulture) })
            .Succeeded.Should().Be(isAllowed);
}
