using System.Text.RegularExpressions;
using RealtimeHub.Tests.Conventions;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.CommandLine;

/// <summary>The examples of docs/operations.md, as they stand there.</summary>
public sealed partial class DocumentedCommandTests : IDisposable
{
    private readonly RedisServer _redis = new();

    [Fact]
    public async Task Every_example_in_the_operations_page_works()
    {
        await _redis.InitializeAsync();
        await using var hub = Node.On(_redis);
        var page = await File.ReadAllTextAsync(Path.Combine(Source.Root, "docs", "operations.md"));
        var examples = Script().Match(Section().Match(page).Value).Groups["script"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        examples.Should().Contain(line => line.Contains("token")).And.Contain(line => line.Contains("publish")).And.Contain(line => line.Contains("check"));

        foreach (var example in examples)
        {
            var run = await CommandRun.InShellAsync(
                _redis, "bash", "-euo", "pipefail", "-c", $"export HUB_URL={hub.Address} HUB_KEY='{Node.ApiKey}'; {example}");
            run.Should().BeEquivalentTo(new { ExitCode = 0, Error = "" }, example);
        }
    }

    public void Dispose() => _redis.Dispose();

    [GeneratedRegex(@"^## Command line$.*?(?=^## )", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex(@"^```sh\n(?<script>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Script();
}
