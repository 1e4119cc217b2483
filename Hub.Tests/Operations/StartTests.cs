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
    public async Task In_development_one_line_for_a_shell_reaches_alice_and_its_key_is_good_for_the_README()
    {
        await using var server = ServerProcess.Start("Development");
        var address = await server.AddressAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(server.Output.Contains("curl ")));
        var line = server.Output.Split('\n').Single(line => line.Contains("curl "));
        var readme =
            Documentation.Page.Blocks("README.md").Single(block => block.Heading == "curl").Text.Replace("http://localhost:5080", address.GetLeftPart(UriPartial.Authority));

        var printed = await CommandRun.OfProgramAsync("bash", ["-euc", line], []);
        var asWritten = await CommandRun.OfProgramAsync("bash", ["-euc", readme], new() { ["KEY"] = KeyIn().Match(line).Value });

        printed.Output.Should().MatchRegex("""^\{"id":"\d+-\d+"\}$""");
        asWritten.Output.Should().MatchRegex("""^\{"id":"\d+-\d+"\}$""");
    }

    [Fact]
    public async Task A_key_that_was_made_is_another_each_time_and_made_only_if_none_is_configured()
    {
        await using var first = ServerProcess.Start("Development");
        await using var second = ServerProcess.Start("Development");
        await using var configured = ServerProcess.Start("Development", "--Api:Keys:shop", Node.Sha256("key"));
        await Eventually.HoldsAsync(() => Task.FromResult(first.Output.Contains("curl ") && second.Output.Contains("curl ")));
        await configured.Announcement;

        KeyIn().Match(first.Output).Value.Should().HaveLength("development-".Length + 32).And.NotBe(KeyIn().Match(second.Output).Value);
        configured.Output.Should().NotContain("curl ");
    }

    [Fact]
    public async Task In_production_one_line_and_every_answer_say_that_no_key_is_configured_and_how_to_make_one()
    {
        await using var server = ServerProcess.Start("Production");
        using var http = new HttpClient { BaseAddress = await server.AddressAsync() };

        var answer = await http.SendAsync(Node.Api("/api/users/alice/messages", new { type = "t" }));

        await answer.ShouldBeRefusedAsync(System.Net.HttpStatusCode.NotFound, "not_found");
        (await answer.Content.ReadAsStringAsync()).Should().ContainAll("No key is configured", "Api__Keys__shop=", "sha256sum");
        await Eventually.HoldsAsync(() => Task.FromResult(server.Output.Contains("no key is configured")));
        server.Output.Should().ContainAll("Api__Keys__shop=", "sha256sum").And.NotContain("curl ");
    }

    [Fact]
    public async Task In_production_there_is_no_demo()
    {
        await using var server = ServerProcess.Start("Production");
        using var http = new HttpClient { BaseAddress = new Uri(Address().Match(await server.Announcement).Value) };

        (await http.GetAsync("/")).StatusCode.Should().Be(System.Net.HttpStatusCode.NotFound);
        (await http.GetAsync("/index.html")).StatusCode.Should().Be(System.Net.HttpStatusCode.NotFound);
        (await http.PostAsync("/demo/token?user=alice", null)).StatusCode.Should().Be(System.Net.HttpStatusCode.NotFound);
        (await http.GetAsync("/demo/users")).StatusCode.Should().Be(System.Net.HttpStatusCode.NotFound);
        (await http.DeleteAsync("/demo/users/alice/connections")).StatusCode.Should().Be(System.Net.HttpStatusCode.NotFound);
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
            "--AllowedHosts", "hub.example.com;https://hub.example.com", "--PathBase", "realtime/", "--Origins:Allowed:1", "https://app.example/", "--Api:Keys:django", "secret key");

        (await server.ExitCodeAsync()).Should().Be(1);
        server.Output.Should().ContainAll(
            "Tokens:Lifetime must be between", "Redis:KeyPrefix", "Redis:Connection", "Origins:Allowed:0", "Origins:Allowed:1", "AllowedHosts has 'https://hub.example.com'", "PathBase is 'realtime/'", "Api:Keys:django", "sha256sum")
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
        mistaken.Output.Should().ContainAll("Redis:Connection has an option", "Tokens:Lifetime must be between").And.NotContain("AcceptSeedFormat needs");
    }

    [Fact]
    public async Task A_value_of_the_wrong_type_is_a_mistake_like_any_other()
    {
        await using var server = ServerProcess.Start("Production", "--Tokens:Lifetime", "soon", "--Redis:KeyPrefix", "");

        (await server.ExitCodeAsync()).Should().Be(1);
        server.Output.Should().ContainAll("Tokens:Lifetime", "soon", "Redis:KeyPrefix").And.NotContain("Unhandled exception");
    }

    [GeneratedRegex("(?<=X-Api-Key: )[^\"]+")]
    private static partial Regex KeyIn();

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
