using System.Globalization;
using Microsoft.Extensions.Options;
using RealtimeHub.Redis;
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
        Validate(new TokenOptions { Lifetime = TimeSpan.Parse(lifetime, CultureInfo.InvariantCulture) }, redis: "").Succeeded.Should()
            .Be(isAllowed);

    [Theory]
    [InlineData("", false)]
    [InlineData("localhost:6379", true)]
    public void The_seed_format_needs_the_Redis_in_which_its_tokens_lie(string redis, bool isAllowed) =>
        Validate(new TokenOptions { AcceptSeedFormat = true }, redis).Succeeded.Should().Be(isAllowed);

    [Theory]
    [InlineData("localhost:6379", 0, true)]
    [InlineData("localhost:6379", 10, true)]
    [InlineData("localhost:6379", 11, false)]
    [InlineData("localhost:6379", -1, false)]
    [InlineData("", 0, true)]
    [InlineData("", 1, false)]
    public void Replicas_can_be_required_of_a_Redis_that_can_have_them(string redis, int replicas, bool isAllowed) =>
        Validate(new TokenOptions { RequireReplicas = replicas }, redis).Succeeded.Should().Be(isAllowed);

    [Theory]
    [InlineData(0, true)]
    [InlineData(1_000, true)]
    [InlineData(1_001, false)]
    [InlineData(-1, false)]
    public void A_user_may_have_a_thousand_tokens_or_as_many_as_he_wants(int count, bool isAllowed) =>
        Validate(new TokenOptions { PerUser = count }, redis: "").Succeeded.Should().Be(isAllowed);

    private static ValidateOptionsResult Validate(TokenOptions options, string redis) =>
        new TokenOptionsValidator(Options.Create(new RedisStoreOptions { Connection = redis })).Validate(null, options);
}
