using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.CommandLine;

/// <summary>Commands that need Redis, without it.</summary>
public sealed class RedisAwayTests
{
    [Theory]
    [InlineData("token", "--user", "ada")]
    [InlineData("publish", "--user", "ada", "--type", "t")]
    public async Task When_nobody_listens_one_sentence_says_where_and_the_exit_code_is_3(params string[] command)
    {
        var port = LoopbackPort.Next();

        var run = await CommandRun.OfAsync([.. command, "--Redis:Connection", $"127.0.0.1:{port},password=hunter2"]);

        run.Should().BeEquivalentTo(new { ExitCode = 3, Output = "" });
        run.Error.Should().StartWith($"Redis at 127.0.0.1:{port} does not answer.").And.NotContainAny("hunter2", "   at ", "Exception");
        run.Error.Count(character => character == '\n').Should().Be(1);
    }

    [Fact]
    public async Task When_Redis_accepts_and_never_answers_the_command_does_not_wait_for_ever()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await redis.PauseAsync();

        var run = await CommandRun.OfAsync("publish", "--user", "ada", "--type", "t", "--json", "--Redis:Connection", redis.Connection);

        run.Should().BeEquivalentTo(new { ExitCode = 3, Error = "" });
        var error = run.Json.GetProperty("error");
        error.GetProperty("code").GetString().Should().Be("store_unavailable");
        error.GetProperty("detail").GetString().Should().ContainAll("does not answer", "--idempotency-key");
    }

    [Fact]
    public async Task A_password_that_Redis_refuses_is_not_echoed()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await redis.Server.ConfigSetAsync("requirepass", "the right one");

        var run = await CommandRun.OfAsync("token", "--user", "ada", "--Redis:Connection", $"{redis.Connection},password=hunter2");

        run.Should().BeEquivalentTo(new { ExitCode = 3, Output = "" });
        run.Error.Should().Be($"Redis at {redis.Connection} refuses, since the user or the password is missing or wrong. Set those that it knows in Redis:Connection. No token was given out.\n");
    }

    [Fact]
    public async Task A_Redis_user_without_permission_is_told_so()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await redis.Database.ExecuteAsync("ACL", "SETUSER", "guest", "on", ">pw", "~other:*", "&*", "+@all");

        var run = await CommandRun.OfAsync("token", "--user", "ada", "--Redis:Connection", $"{redis.Connection},user=guest,password=pw");

        run.Should().BeEquivalentTo(new { ExitCode = 3, Output = "" });
        run.Error.Should().MatchRegex($"^Redis at {redis.Connection} does not permit what the hub needs\\. .*It said: NOPERM .*\\. No token was given out\\.\n$");
    }
}
