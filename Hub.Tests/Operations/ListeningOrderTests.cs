using Microsoft.Extensions.Configuration;
using RealtimeHub.Hosting;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Operations;

/// <summary>Which of the settings that say where to listen is obeyed.</summary>
public sealed class ListeningOrderTests
{
    public static TheoryData<string, string, string> Cases => new()
    {
        { "", "ASPNETCORE_URLS=http://127.0.0.2:0", "http://127.0.0.2:" },
        { "", "DOTNET_URLS=http://127.0.0.2:0", "http://127.0.0.2:" },
        { "", "ASPNETCORE_URLS=http://127.0.0.2:0 Urls=http://127.0.0.3:0", "http://127.0.0.3:" },
        { "", "ASPNETCORE_URLS=http://127.0.0.2:0 ASPNETCORE_HTTP_PORTS=1", "http://127.0.0.2:" },
        { "--urls=http://127.0.0.4:0", "ASPNETCORE_URLS=http://127.0.0.2:0 Urls=http://127.0.0.3:0 HTTP_PORTS=1", "http://127.0.0.4:" },
        { "", "ASPNETCORE_HTTP_PORTS={port}", "http://[::]:{port}" },
        { "--http_ports={port}", "ASPNETCORE_URLS=http://127.0.0.2:0", "http://[::]:{port}" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_command_line_wins_over_the_environment_and_addresses_over_ports(
        string arguments, string environment, string expected)
    {
        var port = $"{LoopbackPort.Next()}";
        var variables = environment.Replace("{port}", port).Split(' ').Select(variable => variable.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        await using var server =
            ServerProcess.RunIn(variables, arguments.Replace("{port}", port).Split(' ', StringSplitOptions.RemoveEmptyEntries));

        (await server.Announcement).Should().Contain($" {expected.Replace("{port}", port)}");
    }

    [Theory]
    [InlineData("HTTP_PORTS", "1; 2", "http://*:1;http://*:2")]
    [InlineData("HTTPS_PORTS", "1", "https://*:1")]
    [InlineData("URLS", "http://127.0.0.2:1", "http://127.0.0.2:1")]
    public void The_environment_wins_over_a_file(string variable, string value, string urls)
    {
        // As the host has it: what has a prefix lies below the files.
        var prefix = $"{nameof(ListeningOrderTests)}_{variable}_";
        Environment.SetEnvironmentVariable(prefix + variable, value);
        var configuration = new ConfigurationManager();
        configuration.AddEnvironmentVariables(prefix).AddInMemoryCollection([KeyValuePair.Create("Urls", (string?)"http://from.a.file:1")]);

        configuration.DecideWhereToListen();

        configuration["urls"].Should().Be(urls);
    }

    [Fact]
    public void A_file_wins_over_the_default_which_is_for_who_says_nothing()
    {
        Decide(("Urls", "http://from.a.file:1")).Should().Be("http://from.a.file:1");
        Decide().Should().Be("http://localhost:5080");
        Decide(("Kestrel:Endpoints:Http:Url", "http://from.kestrel:1")).Should().BeNull();
    }

    private static string? Decide(params (string Key, string Value)[] file)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(file.Select(each => KeyValuePair.Create(each.Key, (string?)each.Value)));
        configuration.DecideWhereToListen();
        return configuration["urls"];
    }
}
