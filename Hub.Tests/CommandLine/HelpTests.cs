using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.CommandLine;

/// <summary>What an operator reads first.</summary>
public sealed class HelpTests
{
    [Theory]
    [InlineData("", "Hub.Server [command]", "serve Starts", "token Mints", "publish Publishes", "connections Who", "config What", "status Says", "nodes Lists", "users Lists", "user <user> Shows", "Without a command it serves", "--version")]
    [InlineData("serve", "Hub.Server serve", "--urls")]
    [InlineData("token", "Hub.Server token", "--user <user> (REQUIRED)", "--group <group>", "--role <role>", "20 seconds", "--json")]
    [InlineData("publish", "Hub.Server publish", "--payload <json>", "64 KB", "--idempotency-key", "--transient", """--payload '{"id":7}'""")]
    [InlineData("connections", "Hub.Server connections [command]", "list Lists", "show Shows", "end Ends", "renew Has", "ban Ends", "unban Lifts")]
    [InlineData("connections list", "Hub.Server connections list", "--limit <users>", "1 to 1000", "--cursor <next>", "--json")]
    [InlineData("connections show", "Hub.Server connections show", "--user <user> (REQUIRED)", "--json")]
    [InlineData("connections end", "Hub.Server connections end", "--user <user>", "--session <sid>", "--connection <id>", "--label <label>", "--reason", "--stay-away", "--json")]
    [InlineData("connections renew", "Hub.Server connections renew", "--user <user> (REQUIRED)", "--session <sid>", "30 seconds", "--json")]
    [InlineData("connections ban", "Hub.Server connections ban", "--until <time> (REQUIRED)", "--reason", "--json")]
    [InlineData("connections unban", "Hub.Server connections unban", "--user <user> (REQUIRED)", "--json")]
    [InlineData("status", "Hub.Server status", "--url <address>", "HUB_KEY", "--json")]
    [InlineData("nodes", "Hub.Server nodes", "--url <address>", "--json")]
    [InlineData("users", "Hub.Server users", "--limit <users>", "1 to 1000", "--cursor <next>")]
    [InlineData("user", "Hub.Server user <user>", "--url <address>")]
    [InlineData("config", "Hub.Server config [command]", "check Checks")]
    [InlineData("config check", "Hub.Server config check", "without starting it", """{"errors":[],"warnings":[]}""")]
    public async Task Every_command_explains_itself_in_80_columns(string command, params string[] phrases)
    {
        var run = await CommandRun.OfAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        run.Should().BeEquivalentTo(new { ExitCode = 0, Error = "" });
        string.Join(' ', run.Output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)).Should().ContainAll(phrases);
        run.Output.Should().ContainAll("Configuration:", "Examples:\n  Hub.Server", "Exit codes:", "3  Redis does not answer.");
        run.Output.Split('\n').Should().OnlyContain(line => line.Length <= 80);
    }

    [Fact]
    public async Task The_version_is_that_of_the_package()
    {
        var run = await CommandRun.OfAsync("--version");

        run.Should().BeEquivalentTo(new { ExitCode = 0, Error = "" });
        run.Output.Should().MatchRegex(@"^\d+\.\d+\.\d+\S*\n$").And.StartWith(typeof(Program).Assembly.GetName().Version!.ToString(3));
    }
}
