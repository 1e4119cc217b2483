using RealtimeHub.Minting;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Tokens;

public sealed class AccessTokenTests
{
    [Fact]
    public void A_token_prints_as_its_fingerprint()
    {
        var token = AccessToken.Create();

        $"{token}".Should().Be($"wstoken…#{Fixtures.Node.Sha256(token.Reveal())[..8]}");
        System.Text.Json.JsonSerializer.Serialize(token).Should().NotContain(token.Reveal());
        new MintedToken(token.Reveal(), 20, new Dictionary<string, string>()).ToString().Should().NotContain(token.Reveal());
    }

    [Fact]
    public void A_token_is_256_random_bits_in_base64url()
    {
        var tokens = Enumerable.Range(0, 1_000).Select(_ => AccessToken.Create().Reveal()).ToList();

        tokens.Should().OnlyHaveUniqueItems().And.OnlyContain(token => System.Text.RegularExpressions.Regex.IsMatch(token, "^wstoken[A-Za-z0-9_-]{43}$"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wstoken")]
    [InlineData("WSTOKENAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("wstokenAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("wstokenAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("wstokenAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+")]
    [InlineData("wstokenAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAé")]
    [InlineData("wsgrantAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("wstoken0123456789abcdef0123456789abcdef")]
    public void What_does_not_look_like_a_token_is_none(string? text) => AccessToken.TryParse(text, out _).Should().BeFalse();

    [Theory]
    [InlineData("wstoken0123456789abcdef0123456789abcdef", true)]
    [InlineData("wstoken0123456789ABCDEF0123456789abcdef", true)]
    [InlineData("WSTOKEN0123456789abcdef0123456789abcdef", false)]
    [InlineData("wstoken0123456789abcdef0123456789abcde", false)]
    [InlineData("wstoken0123456789abcdef0123456789abcdef0", false)]
    [InlineData("wstoken0123456789abcdef0123456789abcdeg", false)]
    [InlineData("wstoken0123456789abcdef0123456789abcde٣", false)]
    [InlineData("wsgrant0123456789abcdef0123456789abcdef", false)]
    [InlineData("wstokenAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_token_of_the_seed_format_is_its_prefix_and_32_hex_digits(string? text, bool isToken) =>
        AccessToken.TryParseSeedFormat(text, out _).Should().Be(isToken);

    [Fact]
    public void A_token_of_the_seed_format_prints_as_its_fingerprint_as_well()
    {
        const string text = "wstoken0123456789abcdef0123456789abcdef";
        AccessToken.TryParseSeedFormat(text, out var token).Should().BeTrue();

        $"{token}".Should().Be($"wstoken…#{Fixtures.Node.Sha256(text)[..8]}");
    }
}
