using System.Text.RegularExpressions;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Operations;

/// <summary>What an operator sees at start.</summary>
public sealed partial class StartTests
{
    [Fact]
    public async Task One_line_says_that_all_is_in_memory_and_which_page_to_open()
    {
        await using var server = ServerProcess.Start("Development");

        var line = await server.Announcement;

        line.Should().MatchRegex(@"^RealtimeHub runs in memory, as one node; set Redis:Connection for more\. Open http://127\.0\.0\.1:\d+ for the demo page\.$");
        using var http = new HttpClient();
        var address = Address().Match(line).Value;
        (await http.GetStringAsync(address)).Should().Contain("<html");
        (await http.GetStringAsync($"{address}/realtimehub.js")).Should().Contain("export");
    }

    [Fact]
    public async Task In_production_there_is_no_demo()
    {
        await using var server = ServerProcess.Start("Production");
        using var http = new HttpClient { BaseAddress = new Uri(Address().Match(await server.Announcement).Value) };

        (await http.GetAsync("/")).StatusCode.Should().Be(System.Net.HttpStatusCode.NotFound);
        (await http.GetAsync("/index.html")).StatusCode.Should().Be(System.Net.HttpStatusCode.NotFound);
        (await http.PostAsync("/demo/token?user=alice", null)).StatusCode.Should().Be(System.Net.HttpStatusCode.NotFound);
        (await http.GetStringAsync("/realtimehub.js")).Should().Contain("export");
    }

    [Fact]
    public async Task One_line_says_which_Redis_without_its_password()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var server = ServerProcess.Start("Production", "--Redis:Connection", $"{redis.Connection},password=hunter2");

        (await server.Announcement).Should().MatchRegex($@"^RealtimeHub runs on Redis at 127\.0\.0\.1:{redis.Port}, beside any number of nodes\. Clients connect to http://127\.0\.0\.1:\d+/hub\.$");
        server.Output.Should().NotContain("hunter2");
    }

    [Fact]
    public async Task Every_mistake_in_the_configuration_is_told_in_one_message()
    {
        await using var server = ServerProcess.Start("Production",
            "--Tokens:Lifetime", "00:06:00", "--Redis:KeyPrefix", "{x}", "--Redis:Connection", "password=hunter2,bogus=1", "--Origins:Allowed:0", "*",
            "--Origins:Allowed:1", "https://app.example/", "--Api:Keys:django", "secret key");

        (await server.ExitCodeAsync()).Should().Be(1);
        server.Output.Should().ContainAll(
            "Tokens:Lifetime must be between", "Redis:KeyPrefix", "Redis:Connection", "Origins:Allowed:0", "Origins:Allowed:1", "Api:Keys:django", "sha256sum")
            .And.NotContainAny("hunter2", "secret key", "Unhandled exception", "   at ");
    }

    [Fact]
    public async Task One_line_warns_of_what_the_seed_format_gives_up()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var server = ServerProcess.Start("Production", "--Tokens:AcceptSeedFormat", "true", "--Redis:Connection", redis.Connection);
        await server.Announcement;

        var line = server.Output.Split('\n').Should().ContainSingle(line => line.Contains("Tokens:AcceptSeedFormat")).Subject;
        line.Should().ContainAll("who reads it can connect", "stay there for ever", "clocks");
    }

    [Fact]
    public async Task The_seed_format_without_a_Redis_is_a_mistake_and_hides_no_other()
    {
        await using var inMemory = ServerProcess.Start("Production", "--Tokens:AcceptSeedFormat", "true", "--Tokens:Lifetime", "00:06:00");
        await using var mistaken = ServerProcess.Start("Production", "--Tokens:AcceptSeedFormat", "true", "--Tokens:Lifetime", "00:06:00", "--Redis:Connection", "bogus=1");

        (await inMemory.ExitCodeAsync()).Should().Be(1);
        inMemory.Output.Should().ContainAll("Tokens:AcceptSeedFormat needs Redis:Connection", "Tokens:Lifetime must be between");
        (await mistaken.ExitCodeAsync()).Should().Be(1);
        mistaken.Output.Should().ContainAll("Redis:Connection is not", "Tokens:Lifetime must be between").And.NotContain("AcceptSeedFormat needs");
    }

    [Fact]
    public async Task A_value_of_the_wrong_type_is_a_mistake_like_any_other()
    {
        await using var server = ServerProcess.Start("Production", "--Tokens:Lifetime", "soon", "--Redis:KeyPrefix", "");

        (await server.ExitCodeAsync()).Should().Be(1);
        server.Output.Should().ContainAll("Tokens:Lifetime", "soon", "Redis:KeyPrefix").And.NotContain("Unhandled exception");
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
