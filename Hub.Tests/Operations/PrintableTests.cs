using RealtimeHub.Operations;

namespace RealtimeHub.Tests.Operations;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("user.alice", "user.alice")]
    [InlineData("Zoë 語 😀", "Zoë 語 😀")]
    [InlineData("\u001b[2J\u0007", @"\u001b[2J\u0007")]
    [InlineData("a\r\nb\u0085c\u2028d", @"a\r\nb\u0085c\u2028d")]
    [InlineData("\u202eesrever\u200b\U000e0001", @"\u202eesrever\u200b\U000e0001")]
    public void What_is_not_visible_is_written_out(string text, string expected) => Printable.Text(text).Should().Be(expected);

    [Theory]
    [InlineData("12345", "12345")]
    [InlineData("123456", "12345…")]
    [InlineData("1234😀", "1234…")]
    [InlineData("123\u001b", "123…")]
    public void It_is_cut_at_a_whole_character(string text, string expected) => Printable.Text(text, most: 5).Should().Be(expected);
}
