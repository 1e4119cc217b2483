using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using RealtimeHub.Tests.Conventions;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Deploy;

/// <summary>What systemd makes of <c>deploy/realtimehub.service</c>.</summary>
public sealed partial class UnitFileTests
{
    [Fact]
    public async Task Systemd_finds_nothing_to_say_about_it()
    {
        var directory = Directory.CreateTempSubdirectory("hub-unit-");
        var unit = Path.Combine(directory.FullName, "realtimehub.service");
        await File.WriteAllTextAsync(unit, DeployedFile.Read("realtimehub.service",
            ("/opt/realtimehub/Hub.Server", Path.ChangeExtension(typeof(Program).Assembly.Location, null))));

        (await AnalyzeAsync("verify", unit)).Should().BeEmpty();

        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task It_is_no_more_exposed_than_the_operations_page_says()
    {
        var answer = await AnalyzeAsync("security", "--offline=true", "--no-pager", DeployedFile.PathOf("realtimehub.service"));
        var page = await File.ReadAllTextAsync(Path.Combine(Source.Root, "docs", "operations.md"));

        ExposureIn(answer).Should().BeLessThanOrEqualTo(ExposureIn(page));
    }

    [Fact]
    public async Task The_hub_does_all_its_work_with_no_more_than_it_allows()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        var port = LoopbackPort.Next();
        await using var hub = await SystemdService.StartSandboxedAsync(
            "--urls", $"http://127.0.0.1:{port}", "--Api:Keys:tests", Node.Sha256(Node.ApiKey), "--Redis:Connection", redis.Connection);
        await hub.ReadyAsync();
        using var backend = new Backend(port);
        await using var alice = backend.ClientFor("alice");
        var received = await Received.ByAsync(alice);

        await backend.PublishAsync("alice");

        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("hello");
        await hub.TerminateAsync();
        (await hub.ExitCodeAsync()).Should().Be(0);
    }

    private static double ExposureIn(string text) =>
        double.Parse(Exposure().Match(text).Groups["exposure"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"[Oo]verall exposure level\D*(?<exposure>\d+\.\d+)")]
    private static partial Regex Exposure();

    private static async Task<string> AnalyzeAsync(params string[] arguments)
    {
        using var process =
            Process.Start(new ProcessStartInfo("systemd-analyze", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        return await output + await error;
    }
}
