using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

/// <summary>Whatever a backend calls its users and groups, nobody gets another's mail.</summary>
public abstract class AddressTests(RoutingMode mode) : RouterTests(mode)
{
    private static readonly string[] Names =
    [
        "a", "A", "a ", " a", "a b", "a:b", "user:a", "group:a", "everyone", "{a}", "{", "}", "{}", "a}:log", "a:log", "a:head", "a:connections",
        "a:published:b", "*", "?", "[a]", "a*", "%", "%3A", "a%3Ab", "a%0Ab", "a%0ab", "%7Ba%7D", "a+b", "a/b", "a\\b", "a\"b", "a'b", "a,b", "a|b",
        "-", "0", "1-1", "ä", "a\u0308", "Ä", "ı", "İ", "аlice", "日本語", "🦊", "🦊🦊", "\u200b", "\u202ea",
        new('a', 256), new('a', 255), new('ü', 256), new('%', 256), string.Concat(Enumerable.Repeat("🦊", 128)),
    ];

    private static readonly Address[] All = [Address.Everyone, .. Names.Select(Address.User), .. Names.Select(Address.Group)];

    [Fact]
    public async Task Names_that_look_alike_never_get_each_others_mail()
    {
        foreach (var address in All.Where(address => address != Address.Everyone))
        {
            await Router.AttachAsync(address, "connection");
        }

        await Task.WhenAll(Router.PublishAll([.. All.Select(address => To(address, $"for {address}"))]));

        (await Node.DeliveredAsync()).Select(message => (message.Address, TextOf(message)))
            .Should().BeEquivalentTo(All.Select(address => (address, $"for {address}")));
        foreach (var address in All)
        {
            TextsOf(await RetainedAsync(address)).Should().Equal($"for {address}");
        }
    }

    [Fact]
    public async Task Each_address_has_a_head_of_its_own()
    {
        var heads = await Task.WhenAll(All.Select(address => Router.HeadAsync(address)));

        heads.Should().OnlyHaveUniqueItems();
        (await Task.WhenAll(All.Select(address => Router.HeadAsync(address)))).Should().Equal(heads);
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\0b")]
    [InlineData("lone \ud800 surrogate")]
    [InlineData("")]
    public void A_name_with_a_line_break_or_another_control_character_makes_no_address(string name)
    {
        FluentActions.Invoking(() => Address.User(name)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => Address.Group(name)).Should().Throw<ArgumentException>();
        Address.TryParse($"user:{name}", out var address).Should().BeFalse();
        address.Should().Be(default(Address));
    }

    [Fact]
    public void An_address_that_was_never_given_a_name_says_so_when_it_is_used() =>
        FluentActions.Invoking(() => default(Address).IsGroup).Should().Throw<InvalidOperationException>().WithMessage("*never given*");

    public sealed class InMemory() : AddressTests(new InMemoryRouting());

    public sealed class OnRedis(RedisRouting redis) : AddressTests(redis), IClassFixture<RedisRouting>;
}
