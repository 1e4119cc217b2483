using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.CommandLine;

/// <summary><c>token</c>, with a real hub.</summary>
public sealed class TokenTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Fact]
    public async Task A_token_alone_is_printed_and_opens_a_connection_in_its_groups()
    {
        var run = await CommandRun.OfAsync("token", "--user", "ada", "--group", "room1", "--group", "room 2", "--Redis:Connection", CommandRun.Patiently(nodes.Redis));

        run.Error.Should().BeEmpty();
        run.Output.Should().MatchRegex("^wstoken[A-Za-z0-9_-]{43}\n$");
        run.ExitCode.Should().Be(0);
        await using var client = nodes.First.ClientFor(() => Task.FromResult<string?>(run.Output.Trim()));
        var received = await Received.ByAsync(client);
        await nodes.Second.Publisher.PublishAsync(Address.User("ada"), "to you", 1);
        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("to you");
        await nodes.Second.Publisher.PublishAsync(Address.Group("room 2"), "to the room", 1);
        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("to the room");
    }

    [Fact]
    public async Task With_json_it_prints_what_the_HTTP_API_answers()
    {
        var run = await CommandRun.OfAsync(
            "token", "--user", "Zoë", "--name", "Zoë B.", "--role", "editor", "--json", "--Redis:Connection", CommandRun.Patiently(nodes.Redis), "--Tokens:Lifetime=00:00:30");

        run.Should().BeEquivalentTo(new { ExitCode = 0, Error = "" });
        run.Output.Count(character => character == '\n').Should().Be(1);
        run.Json.EnumerateObject().Select(field => field.Name).Should().Equal("token", "expiresIn", "cursors");
        run.Json.GetProperty("expiresIn").GetInt32().Should().Be(30);
        run.Json.GetProperty("cursors").GetProperty("user:Zoë").GetString().Should().MatchRegex(@"^\d+-\d+$");
        var record = (string?)await nodes.Redis.Database.StringGetAsync($"hub:token:{Node.Sha256(run.Json.GetProperty("token").GetString()!)}");
        System.Text.Json.JsonElement.Parse(record!).GetProperty("name").GetString().Should().Be("Zoë B.");
        System.Text.Json.JsonElement.Parse(record!).GetProperty("roles")[0].GetString().Should().Be("editor");
    }

    [Fact]
    public async Task At_a_terminal_it_says_beside_the_token_how_long_that_lives()
    {
        var run = await CommandRun.InShellAsync(nodes.Redis, "script", "--quiet", "--return", "--command", "Hub.Server token --user ada", "/dev/null");

        run.ExitCode.Should().Be(0);
        run.Output.Should().MatchRegex(@"wstoken[A-Za-z0-9_-]{43}\s+It opens one connection, and dies in 20 seconds\.");
    }

    [Fact]
    public async Task A_user_that_breaks_the_rule_is_refused()
    {
        var run = await CommandRun.OfAsync("token", "--user", "", "--json", "--Redis:Connection", CommandRun.Patiently(nodes.Redis));

        run.ExitCode.Should().Be(1);
        run.Json.GetProperty("error").GetProperty("code").GetString().Should().Be("refused");
        run.Json.GetProperty("error").GetProperty("detail").GetString().Should().Contain("sub must be 1 to 256 characters");
    }

    [Fact]
    public async Task Without_Redis_it_says_that_a_token_would_open_nothing_and_what_to_set()
    {
        var run = await CommandRun.OfAsync("token", "--user", "ada");

        run.Should().BeEquivalentTo(new { ExitCode = 1, Output = "" });
        run.Error.Should().ContainAll("in its own memory", "Set the Redis:Connection that the hub has.");
    }
}
