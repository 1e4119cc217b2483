using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

public sealed class RoutingOptionsTests
{
    [Fact]
    public void A_thousand_messages_of_seven_days_are_kept_if_nothing_is_configured()
    {
        var options = Started();

        (options.MaxMessages, options.MaxAge).Should().Be((1_000, TimeSpan.FromDays(7)));
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("100000", 100_000)]
    public void The_number_of_messages_is_taken_from_the_configuration(string value, int messages) =>
        Started(("Routing:MaxMessages", value)).MaxMessages.Should().Be(messages);

    [Theory]
    [InlineData("00:00:01")]
    [InlineData("365.00:00:00")]
    public void The_greatest_age_is_taken_from_the_configuration(string value) =>
        Started(("Routing:MaxAge", value)).MaxAge.ToString().Should().Be(value);

    [Theory]
    [InlineData("Routing:MaxMessages", "0")]
    [InlineData("Routing:MaxMessages", "-1")]
    [InlineData("Routing:MaxMessages", "100001")]
    [InlineData("Routing:MaxMessages", "99999999999")]
    [InlineData("Routing:MaxMessages", "many")]
    [InlineData("Routing:MaxAge", "00:00:00.999")]
    [InlineData("Routing:MaxAge", "-00:01:00")]
    [InlineData("Routing:MaxAge", "365.00:00:00.001")]
    [InlineData("Routing:MaxAge", "for ever")]
    public void A_limit_out_of_its_range_is_refused_at_start_with_its_key_and_value(string key, string value) =>
        FluentActions.Invoking(() => Started((key, value))).Should().Throw<OptionsValidationException>()
            .Which.Message.Should().Contain(key).And.Contain(value);

    [Fact]
    public void Both_limits_are_refused_in_one_message() =>
        FluentActions.Invoking(() => Started(("Routing:MaxMessages", "0"), ("Routing:MaxAge", "00:00:00"))).Should().Throw<OptionsValidationException>()
            .Which.Message.Should().ContainAll("Routing:MaxMessages", "Routing:MaxAge");

    private static RoutingOptions Started(params (string Key, string Value)[] settings)
    {
        using var services = RouterNode.ServicesWith(settings).BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();
        return services.GetRequiredService<IOptions<RoutingOptions>>().Value;
    }
}
