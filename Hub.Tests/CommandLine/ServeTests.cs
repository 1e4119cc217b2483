using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.CommandLine;

/// <summary>Starting the server by its command line.</summary>
public sealed class ServeTests
{
    [Fact]
    public async Task The_word_may_stand_before_the_settings_or_be_left_out()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var first = ServerProcess.Run("serve", "--urls", "http://127.0.0.1:0", $"/Redis:Connection={redis.Connection}");
        await using var second = ServerProcess.Run("/Urls", "http://127.0.0.1:0", $"Redis:Connection={redis.Connection}");

        (await first.Announcement).Should().Contain($"runs on Redis at {redis.Connection}");
        (await second.Announcement).Should().Contain($"runs on Redis at {redis.Connection}");
    }

    [Fact]
    public async Task A_setting_that_nobody_reads_is_warned_of_without_its_value()
    {
        await using var server = ServerProcess.Start("Production", "--Redis:Conection", "localhost,password=hunter2");

        await server.Announcement;

        server.Output.Should().Contain("Redis:Conection is no setting and has no effect. Did you mean Redis:Connection?").And.NotContain("hunter2");
    }

    [Fact]
    public async Task It_stops_when_it_is_asked_to()
    {
        await using var server = ServerProcess.Start("Production");
        await server.Announcement;

        await server.TerminateAsync();

        (await server.ExitCodeAsync()).Should().Be(0);
        server.Output.Should().Contain("Application is shutting down");
    }
}
