using RealtimeHub.Routing.Events;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Events;

public sealed class EventOptionsTests
{
    [Theory]
    [InlineData("https://app.example.com/hub-events?from=hub")]
    [InlineData("http://localhost:3000")]
    public void An_address_with_a_key_is_taken(string url) => Mistakes(url, EventConsumer.Secret).Should().BeEmpty();

    [Theory]
    [InlineData("app.example.com/hunter2")]
    [InlineData("ftp://app.example.com/hunter2")]
    [InlineData("https://hub:hunter2@app.example.com")]
    [InlineData("https://app.example.com/#hunter2")]
    [InlineData("/hunter2")]
    public void An_address_that_is_none_is_a_mistake_and_not_repeated(string url) =>
        Mistakes(url, EventConsumer.Secret).Should().ContainSingle().Which.Should().StartWith("Events:Url").And.NotContain("hunter2");

    [Theory]
    [InlineData("hunter2")]
    [InlineData("whsec_hunter2")]
    [InlineData("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY=")]
    [InlineData(EventConsumer.Secret + ",whsec_")]
    public void A_key_that_is_none_is_a_mistake_and_not_repeated(string secret) =>
        Mistakes("https://app.example.com", secret).Should().ContainSingle().Which.Should().StartWith("Events:Secret").And.NotContain("hunter2");

    [Theory]
    [InlineData("")]
    [InlineData(" , ")]
    public void Without_a_key_nothing_is_sent(string secret) =>
        Mistakes("https://app.example.com", secret).Should().ContainSingle().Which.Should().StartWith("Events:Secret must be set");

    [Fact]
    public async Task What_goes_over_the_network_in_clear_text_is_warned_of()
    {
        var check = await CommandRun.OfAsync(
            "config", "check", "--environment", "Production", "--Events:Url", "http://app.example.com/hunter2", "--Events:Secret", EventConsumer.Secret);

        check.ExitCode.Should().Be(0, check.Error);
        check.Output.Should().Contain("warning: Events:Url goes to app.example.com in clear text").And.NotContain("hunter2");
    }

    private static IEnumerable<string> Mistakes(string url, string secret) =>
        new EventOptionsValidator().Validate(null, new EventOptions { Url = url, Secret = secret }).Failures ?? [];
}
