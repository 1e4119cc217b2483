using RealtimeHub.Client;
using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Client;

/// <summary>What the client believes of what an application has kept is what the hub would read.</summary>
public sealed class CursorRulesTests
{
    public static TheoryData<string> Addresses =>
    [
        "everyone", "user:a", "group:a", $"user:{new string('a', 256)}", $"user:{new string('a', 257)}", "user:user:a", "user: ", "group:😀",
        "", "a", "user:", "group:", "users:a", "everyone:", "Everyone", "user:a\0", "user:a\n", "user:\u0085", "user:\ufffd",
    ];

    public static TheoryData<string> Cursors =>
    [
        "0-0", "1-1", "18446744073709551615-18446744073709551615", "18446744073709551616-1", "01-1", "1-01", "1-", "-1", "-", "", "1", "1-1-1", " 1-1", "1-1 ",
        "+1-1", "1--1", "1-1\0", "1-1\n", "a-b", "٣-1", "mine",
    ];

    [Theory]
    [MemberData(nameof(Addresses))]
    public void An_address_is_what_the_hub_takes_for_one(string text) =>
        CursorRules.IsAddress(text).Should().Be(Address.TryParse(text, out _));

    [Theory]
    [MemberData(nameof(Cursors))]
    public void A_cursor_is_what_the_hub_takes_for_one(string text) =>
        CursorRules.IsCursor(text).Should().Be(Cursor.TryParse(text, out _));

    [Fact]
    public void A_name_with_half_a_character_is_no_address() => CursorRules.IsAddress("user:\ud800").Should().BeFalse();

    [Fact]
    public void Nothing_is_no_cursor() => CursorRules.IsCursor(null).Should().BeFalse();
}
