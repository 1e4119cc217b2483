using RealtimeHub.Authentication;

namespace RealtimeHub.Tests.Authentication;

public sealed class ReconnectSecretTests
{
    private const string Random = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    [Theory]
    [InlineData("a")]
    [InlineData("alice")]
    [InlineData("Zoë/é 🦊 ..")]
    public void It_is_read_as_it_was_made_and_says_whose_it_is(string user)
    {
        var made = ReconnectSecret.Create(user);

        ReconnectSecret.TryParse(made.Reveal(), out var read).Should().BeTrue();
        read.Should().Be(made);
        (read.User, read.Hash).Should().Be((user, made.Hash));
        made.Reveal().Should().MatchRegex("^wsreconnect[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]{43}$");
    }

    [Fact]
    public void The_longest_name_has_room_in_it()
    {
        var made = ReconnectSecret.Create(new string('\uffdc', 256));

        ReconnectSecret.TryParse(made.Reveal(), out _).Should().BeTrue();
        made.Reveal().Should().HaveLength("wsreconnect".Length + 1_024 + 1 + 43);
    }

    [Fact]
    public void Each_is_another() => ReconnectSecret.Create("alice").Hash.Should().NotBe(ReconnectSecret.Create("alice").Hash);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wsreconnect")]
    [InlineData("wsreconnect." + Random)]
    [InlineData("wsreconnectYWxpY2U" + Random)]
    [InlineData("wsreconnectYWxpY2U." + Random + "A")]
    [InlineData("wsreconnectYWxpY2U." + "!" + Random)]
    [InlineData("WSRECONNECTYWxpY2U." + Random)]
    [InlineData("wstokenYWxpY2U." + Random)]
    [InlineData("wsreconnectY." + Random)]
    [InlineData("wsreconnectYWx+Y2U." + Random)]
    [InlineData("wsreconnect_w." + Random)]
    [InlineData("wsreconnectBw." + Random)]
    public void What_is_none_is_not_read(string? text) => ReconnectSecret.TryParse(text, out _).Should().BeFalse();

    [Fact]
    public void It_prints_as_a_fingerprint()
    {
        var made = ReconnectSecret.Create("alice");

        $"{made}".Should().Be($"wsreconnect…#{made.Hash[..8]}");
    }
}
