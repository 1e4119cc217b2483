using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.CommandLine;

/// <summary>Command lines that make no sense.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("There is no command 'toekn'. Did you mean 'token'?\nSee: Hub.Server --help", "toekn", "--user", "ada")]
    [InlineData("There is no command 'now'.", "--Redis:Connection", "127.0.0.1", "now")]
    [InlineData("'--hepl' has no value. Did you mean '--help'?", "--hepl")]
    [InlineData("'--Redis:Connection' has no value.", "serve", "--Redis:Connection")]
    [InlineData("There is no argument 'hard'.\nSee: Hub.Server serve --help", "serve", "hard")]
    [InlineData("There is no command 'chek'. Did you mean 'check'?\nSee: Hub.Server config --help", "config", "chek")]
    [InlineData("config check", "config")]
    [InlineData("There is no option '--grup'. Did you mean '--group'?\nSee: Hub.Server token --help", "token", "--user", "ada", "--grup", "room1")]
    [InlineData("'--user' is required", "token")]
    [InlineData("one of --user, --group and --everyone", "publish", "--type", "t", "--user", "ada", "--everyone")]
    [InlineData("'--type' is required", "publish", "--user", "ada")]
    [InlineData("'soon'", "publish", "--user", "ada", "--type", "t", "--ttl-seconds", "soon")]
    public async Task It_is_told_what_is_wrong_and_where_help_is_and_nothing_starts(string sentence, params string[] arguments)
    {
        var run = await CommandRun.OfAsync(arguments);

        run.Should().BeEquivalentTo(new { ExitCode = 2, Output = "" });
        run.Error.Should().Contain(sentence).And.NotContain("   at ");
    }

    [Fact]
    public async Task With_json_the_mistake_is_json_on_standard_output()
    {
        var run = await CommandRun.OfAsync("token", "--json");

        run.Should().BeEquivalentTo(new { ExitCode = 2, Error = "" });
        run.Json.GetProperty("error").GetProperty("code").GetString().Should().Be("usage");
        run.Json.GetProperty("error").GetProperty("detail").GetString().Should().Contain("'--user' is required");
    }

    [Fact]
    public async Task A_value_that_looks_like_a_file_or_a_command_is_a_value()
    {
        var run = await CommandRun.OfAsync("publish", "--user", "@token", "--type", "publish", "--payload", "1");

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("Redis:Connection is empty");
    }
}
