using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.CommandLine;

/// <summary><c>config check</c> as an operator runs it.</summary>
public sealed class ConfigCheckTests
{
    private static readonly string Key = Node.Sha256("e5b9c8a6b1f64b3b8d0f");

    [Fact]
    public async Task A_safe_configuration_is_in_order()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();

        var run = await CheckAsync("--Redis:Connection", CommandRun.Patiently(redis), "--Origins:Allowed:0", "https://app.example", $"--Api:Keys:shop={Key}");

        run.Should().Be(new CommandRun(0, "The configuration is in order.\n", ""));
    }

    [Fact]
    public async Task Mistakes_are_told_in_the_words_of_the_server()
    {
        var run = await CheckAsync("--Tokens:Lifetime", "soon", "--Redis:KeyPrefix", "{x}", "--Origins:Allowed:0", "https://*.example.com");

        run.ExitCode.Should().Be(1);
        run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(3).And.OnlyContain(line => line.StartsWith("error: "));
        run.Output.Should().ContainAll("Tokens:Lifetime", "Redis:KeyPrefix must be 1 to 64 characters", "no wildcard");
    }

    [Fact]
    public async Task Warnings_are_printed_and_leave_the_exit_code_at_0()
    {
        var run = await CheckAsync("--Tokens:Lifetim", "00:00:20", "--Redis:Connection", "redis.internal,password=hunter2");

        run.ExitCode.Should().Be(0);
        run.Output.Should().StartWith("warning: Redis:Connection goes to redis.internal in clear text").And.NotContain("hunter2")
            .And.Contain("warning: Redis at redis.internal does not answer.")
            .And.Contain("warning: Tokens:Lifetim is no setting and has no effect. Did you mean Tokens:Lifetime?\n");
    }

    [Fact]
    public async Task With_json_both_are_lists()
    {
        var run = await CheckAsync("--json", "--Urls", "http://localhost:5080;here", $"--Api:Keys:shop={Key}", "--Token:Lifetime=00:00:10");

        run.Should().BeEquivalentTo(new { ExitCode = 1, Error = "" });
        run.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetString()).Should().Equal(
            "Urls has 'here', which is no address to listen on, such as http://localhost:5080.");
        run.Json.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()).Should().Equal(
            "Token:Lifetime is no setting and has no effect. Did you mean Tokens:Lifetime?");
    }

    private static Task<CommandRun> CheckAsync(params string[] arguments) =>
        CommandRun.OfAsync(["config", "check", "--environment", "Production", .. arguments]);
}
