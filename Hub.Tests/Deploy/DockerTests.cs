using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using RealtimeHub.Tests.Conventions;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Deploy;

/// <summary>What can be said of <c>compose.yaml</c> and <c>deploy/Dockerfile</c> where there is no Docker.</summary>
public sealed partial class DockerTests
{
    /// <summary>Several options may read one section, each its own keys.</summary>
    private static readonly ILookup<string, Type> Sections =
        new[] { typeof(Program), typeof(RealtimeHub.Routing.Address) }.SelectMany(type => type.Assembly.GetTypes())
        .Select(type => (Type: type,
            Section: type.GetField("Section", BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)?.GetRawConstantValue() as string))
        .Where(options => options.Section is not null).ToLookup(options => options.Section!, options => options.Type);

    [Fact]
    public async Task Every_setting_of_a_node_is_one_that_the_hub_has()
    {
        var compose = await ComposeAsync();

        foreach (var node in (string[])["hub-1", "hub-2"])
        {
            var settings = compose.GetProperty("services").GetProperty(node).GetProperty("environment").EnumerateObject().Select(setting => setting.Name);
            settings.Should().NotBeEmpty().And.OnlyContain(name => IsSetting(name));
        }
    }

    [Fact]
    public async Task Every_service_that_is_named_is_there()
    {
        var services =
            (await ComposeAsync()).GetProperty("services").EnumerateObject().ToDictionary(service => service.Name, service => service.Value);

        var awaited = services.Values.Where(service => service.TryGetProperty("depends_on", out _))
            .SelectMany(service => service.GetProperty("depends_on").EnumerateObject().Select(other => other.Name));
        var proxied = Server().Matches(DeployedFile.Read("nginx.conf")).Select(server => server.Groups["name"].Value);

        awaited.Should().BeSubsetOf(services.Keys);
        proxied.Distinct().Should().BeEquivalentTo("hub-1", "hub-2").And.BeSubsetOf(services.Keys);
    }

    [Fact]
    public async Task Every_file_that_is_copied_or_mounted_is_there()
    {
        var copied = Copied().Matches(DeployedFile.Read("Dockerfile")).SelectMany(copy => copy.Groups["files"].Value.Split(' '))
            .Where(file => !file.Contains('*', StringComparison.Ordinal));
        var mounted = (await ComposeAsync()).GetProperty("services").GetProperty("nginx").GetProperty("volumes")
            .EnumerateArray().Select(volume => volume.GetString()!.Split(':')[0]);

        copied.Concat(mounted).Should().HaveCountGreaterThan(5).And.OnlyContain(path => Path.Exists(Path.Combine(Source.Root, path)));
    }

    [Fact]
    public async Task The_health_check_of_the_image_tells_a_hub_that_lives_from_none()
    {
        await using var node = new Node();
        var check = JsonSerializer.Deserialize<string[]>(HealthCheck().Match(DeployedFile.Read("Dockerfile")).Groups["command"].Value)!;

        (await RunAsync(node.Address.Port)).Should().Be(0);
        (await RunAsync(LoopbackPort.Next())).Should().NotBe(0);

        async Task<int> RunAsync(int port)
        {
            using var process = Process.Start(
                new ProcessStartInfo(check[0], check[1..].Select(argument => argument.Replace("5080", $"{port}", StringComparison.Ordinal)))
                {
                    RedirectStandardError = true,
                })!;
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
    }

    [Theory]
    [InlineData("Redis__Connection", true)]
    [InlineData("Api__Keys__shop", true)]
    [InlineData("Limits__Connections", true)]
    [InlineData("Limits__ConnectionsPerUser", true)]
    [InlineData("Redis__Conection", false)]
    [InlineData("Rediss__Connection", false)]
    public void A_setting_is_looked_for_among_the_options(string name, bool isThere) => IsSetting(name).Should().Be(isThere);

    private static bool IsSetting(string name) =>
        name.Split("__") is [var section, var key, ..] && Sections[section].Any(options => options.GetProperty(key) is not null);

    private static async Task<JsonElement> ComposeAsync()
    {
        const string read = "import json, sys, yaml; json.dump(yaml.safe_load(open(sys.argv[1])), sys.stdout)";
        using var python =
            Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", read, Path.Combine(Source.Root, "compose.yaml")]) { RedirectStandardOutput = true })!;
        return JsonSerializer.Deserialize<JsonElement>(await python.StandardOutput.ReadToEndAsync());
    }

    [GeneratedRegex(@"^\s*server (?<name>[\w-]+):5080 ", RegexOptions.Multiline)]
    private static partial Regex Server();

    [GeneratedRegex(@"^COPY (?<files>[^-\n]\S*(?: \S+)*) \S+$", RegexOptions.Multiline)]
    private static partial Regex Copied();

    [GeneratedRegex(@"^\s*CMD (?<command>\[.*\])$", RegexOptions.Multiline)]
    private static partial Regex HealthCheck();
}
