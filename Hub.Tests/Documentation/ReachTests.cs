using System.Text.RegularExpressions;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tests.Ingress.RabbitMq;

namespace RealtimeHub.Tests.Documentation;

/// <summary>The README's table of whence a user is reached: each row, run as it stands there.</summary>
[Collection(RabbitMqCollection.Name)]
public sealed partial class ReachTests(RabbitServer rabbit) : IAsyncLifetime
{
    private const string Readme = "README.md";
    private const string HubInReadme = "http://localhost:5080";

    private readonly RedisServer _redis = new();
    private Node _hub = null!;

    public static TheoryData<string> Rows => [.. Row().Matches(Page.Text(Readme)).Select(row => row.Groups["heading"].Value)];

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        _hub = Node.On(_redis, ("RabbitMq:Uri", $"amqp://guest:guest@127.0.0.1:{rabbit.Port}"));
        await RabbitMqTest.AreOpenAsync(_hub);
    }

    public async Task DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Alice_is_reached_from(string place)
    {
        await using var alice = _hub.ClientFor("alice", skipNegotiation: true);
        var received = await Received.ByAsync(alice);
        var block = Page.Blocks(Readme).Single(block => block.Heading == place);

        await RunAsync(place, block);

        var message = await received.NextAsync();
        message.GetProperty("address").GetString().Should().Be("user:alice");
        block.Text.Should().Contain(message.GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("Mint a token", "aspnet")]
    [InlineData("ASP.NET Core", "aspnet")]
    [InlineData("A worker", "worker")]
    public void What_is_shown_of_a_sample_stands_in_it(string heading, string sample)
    {
        var code = SampleProgram.Code(sample).Split('\n').Select(line => line.Trim()).ToHashSet();

        Page.Blocks(Readme).Where(block => block.Heading == heading && block.Language == "csharp").SelectMany(block => block.Text.Split('\n'))
            .Select(line => line.Trim())
            .Where(line => line.Length > 0).Should().BeSubsetOf(code);
    }

    [Fact]
    public void The_table_has_all_the_ways() => Rows.Should().HaveCount(7);

    private Task RunAsync(string place, CodeBlock block) => place switch
    {
        "ASP.NET Core" => SendNoteAsync(),
        "A worker" => RunProgramAsync("dotnet", SampleProgram.Assembly("worker", "Samples.Worker"), "alice"),
        _ => block.Language switch
        {
            "python" => RunProgramAsync("/usr/bin/python3", "-c", Here(block)),
            "js" => RunProgramAsync("node", "--input-type=module", "--eval", Here(block)),
            _ => RunProgramAsync("bash", "-euo", "pipefail", "-c", Here(block)),
        },
    };

    private async Task SendNoteAsync()
    {
        await using var site = await AspNetSample.StartAsync(_redis, _hub);
        await site.SignInAsync("bob");
        await site.SendNoteAsync("alice", "Hello, Alice!");
    }

    private async Task RunProgramAsync(string program, params string[] arguments)
    {
        var run = await CommandRun.OfProgramAsync(program, arguments, new()
        {
            ["KEY"] = Node.ApiKey,
            ["RABBITMQ_URI"] = $"amqp://guest:guest@127.0.0.1:{rabbit.Port}/%2F",
            ["Redis__Connection"] = CommandRun.Patiently(_redis),
            ["PATH"] = $"{CommandRun.Directory}:{Environment.GetEnvironmentVariable("PATH")}",
        });
        run.ExitCode.Should().Be(0, run.Error);
    }

    private string Here(CodeBlock block) => block.Text.Replace(HubInReadme, _hub.Address.ToString().TrimEnd('/'), StringComparison.Ordinal);

    [GeneratedRegex(@"^\| \[(?<heading>[^\]]+)\]\(#", RegexOptions.Multiline)]
    private static partial Regex Row();
}
