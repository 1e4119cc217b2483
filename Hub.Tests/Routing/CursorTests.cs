using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

public sealed class CursorTests
{
    [Theory]
    [InlineData("0-0", 0, 0)]
    [InlineData("1-2", 1, 2)]
    [InlineData("1790000000000002-7", 1_790_000_000_000_002, 7)]
    [InlineData("10-100", 10, 100)]
    [InlineData("18446744073709551615-18446744073709551615", ulong.MaxValue, ulong.MaxValue)]
    public void A_cursor_is_read_as_it_is_written(string text, ulong offset, ulong tag)
    {
        Cursor.TryParse(text, out var cursor).Should().BeTrue();

        cursor.Should().Be(new Cursor(offset, tag));
        cursor.ToString().Should().Be(text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1")]
    [InlineData("1-")]
    [InlineData("-1")]
    [InlineData("1-2-3")]
    [InlineData("1--2")]
    [InlineData("-1-2")]
    [InlineData("+1-2")]
    [InlineData("1-+2")]
    [InlineData(" 1-2")]
    [InlineData("1-2 ")]
    [InlineData("1 - 2")]
    [InlineData("1-2\n")]
    [InlineData("1-2\0")]
    [InlineData("01-2")]
    [InlineData("1-02")]
    [InlineData("00-0")]
    [InlineData("0-00")]
    [InlineData("18446744073709551616-0")]
    [InlineData("0-18446744073709551616")]
    [InlineData("99999999999999999999999999-1")]
    [InlineData("1.0-2")]
    [InlineData("1,000-2")]
    [InlineData("1e3-2")]
    [InlineData("0x1-2")]
    [InlineData("a-b")]
    [InlineData("(1-2")]
    [InlineData("*")]
    [InlineData("$")]
    [InlineData("1-*")]
    [InlineData("1\u20132")]
    [InlineData("1\u22122")]
    [InlineData("\u0661-\u0662")]
    [InlineData("\uff11-\uff12")]
    [InlineData("1-\u0967")]
    public void Anything_else_is_no_cursor(string? text)
    {
        Cursor.TryParse(text, out var cursor).Should().BeFalse();

        cursor.Should().Be(default(Cursor));
    }

    [Fact]
    public void No_two_tags_are_the_same_whichever_thread_draws_them()
    {
        const int Threads = 4, Each = 1_000;
        var tags = new ulong[Threads * Each];

        var threads = Enumerable.Range(0, Threads).Select(thread => new Thread(() => Array.ForEach(
            Enumerable.Range(thread * Each, Each).ToArray(), index => tags[index] = Cursor.RandomTag()))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        tags.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void A_transient_id_has_offset_zero_and_is_its_own()
    {
        var (one, other) = (Cursor.Transient(), Cursor.Transient());

        (one.Offset, other.Offset).Should().Be((0ul, 0ul));
        one.Should().NotBe(other);
    }
}
