using System.Text.Json;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.CommandLine;

/// <summary><c>publish</c>, with a real hub.</summary>
public sealed class PublishTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private static int _users;

    private readonly string _user = $"reader {Interlocked.Increment(ref _users)}";

    [Fact]
    public async Task What_is_published_reaches_who_is_connected()
    {
        await using var client = nodes.First.ClientFor(_user);
        var received = await Received.ByAsync(client);

        var run = await PublishAsync("", "--user", _user, "--type", "order.shipped", "--payload", """{"id":7,"note":"ä"}""");

        run.Should().BeEquivalentTo(new { ExitCode = 0, Error = "" });
        var message = await received.NextAsync();
        message.GetProperty("id").GetString().Should().Be(run.Output.TrimEnd('\n'));
        message.GetProperty("type").GetString().Should().Be("order.shipped");
        message.GetProperty("payload").GetRawText().Should().Be("""{"id":7,"note":"ä"}""");
    }

    [Fact]
    public async Task It_reaches_groups_and_everyone()
    {
        await using var client = nodes.First.ClientFor(async () => await nodes.First.MintAsync(_user, $"of {_user}"));
        var received = await Received.ByAsync(client);

        await PublishAsync("", "--group", $"of {_user}", "--type", "ours");
        (await received.NextAsync()).GetProperty("address").GetString().Should().Be($"group:of {_user}");
        await PublishAsync("", "--everyone", "--type", "all", "--transient");
        var message = await received.NextAsync();
        message.GetProperty("address").GetString().Should().Be("everyone");
        message.TryGetProperty("after", out _).Should().BeFalse("it is transient");
    }

    [Fact]
    public async Task The_same_idempotency_key_gets_the_same_id()
    {
        string[] arguments = ["--user", _user, "--type", "once", "--idempotency-key", "order 7", "--ttl-seconds", "60", "--json"];

        var first = await PublishAsync("", arguments);
        var second = await PublishAsync("", arguments);

        first.Json.EnumerateObject().Select(field => field.Name).Should().Equal("id");
        second.Output.Should().Be(first.Output);
        (await PayloadsAsync()).Should().HaveCount(1);
    }

    [Theory]
    [InlineData(" [1, 2.50]\n", "-", "[1, 2.50]")]
    [InlineData("\"piped\"", null, "\"piped\"")]
    [InlineData("", null, "null")]
    [InlineData("\"unread\"", "-5", "-5")]
    public async Task The_payload_comes_from_the_option_or_from_standard_input(string input, string? option, string expected)
    {
        var run = await PublishAsync(input, ["--user", _user, "--type", "t", .. option is null ? Array.Empty<string>() : ["--payload", option]]);

        run.Should().BeEquivalentTo(new { ExitCode = 0, Error = "" });
        (await PayloadsAsync()).Should().Equal(expected);
    }

    [Theory]
    [InlineData("{id:7}", "")]
    [InlineData("-", "{\n \"id\": }")]
    [InlineData("-", "")]
    public async Task A_payload_that_is_no_JSON_is_told_how_to_quote(string payload, string input)
    {
        var run = await PublishAsync(input, "--user", _user, "--type", "t", "--payload", payload);

        run.Should().BeEquivalentTo(new { ExitCode = 2, Output = "" });
        run.Error.Should().StartWith("The payload is no JSON: ").And.ContainAll("(line ", """--payload '{"id":7}'""", """--payload '"hello"'""");
        (await PayloadsAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("type must be", "--user", "u", "--type", "")]
    [InlineData("must be 1 to 256", "--group", "", "--type", "t")]
    [InlineData("millisecond to a year", "--user", "u", "--type", "t", "--ttl-seconds", "0")]
    [InlineData("transient", "--user", "u", "--type", "t", "--ttl-seconds", "5", "--transient")]
    public async Task What_breaks_a_rule_is_refused_with_the_rule(string rule, params string[] arguments)
    {
        var run = await PublishAsync("", arguments);

        run.Should().BeEquivalentTo(new { ExitCode = 1, Output = "" });
        run.Error.Should().Contain(rule);
    }

    [Theory]
    [InlineData(70_000)]
    [InlineData(200_000)]
    public async Task A_payload_may_have_64_KB(int length)
    {
        var run = await PublishAsync($"\"{new string('x', length)}\"", "--user", _user, "--type", "t", "--json");

        run.ExitCode.Should().Be(1);
        run.Json.GetProperty("error").GetProperty("detail").GetString().Should().Be("The payload may have 64 KB at the most.");
    }

    private Task<CommandRun> PublishAsync(string input, params string[] arguments) =>
        CommandRun.WithInputAsync(input, ["publish", .. arguments, "--Redis:Connection", CommandRun.Patiently(nodes.Redis)]);

    private async Task<IEnumerable<string>> PayloadsAsync()
    {
        var log = await nodes.Redis.Database.StreamRangeAsync($"hub:{{{Uri.EscapeDataString(Address.User(_user).ToString())}}}:log");
        return log.SelectMany(entry => entry.Values).Select(field => (string)field.Value!)
            .Where(value => value.Contains("\"payload\"", StringComparison.Ordinal))
            .Select(tail => JsonElement.Parse("{" + tail).GetProperty("payload").GetRawText());
    }
}
