using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.CommandLine;

/// <summary><c>connections list</c> and <c>connections show</c>, with a real hub.</summary>
public sealed class ConnectionsTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Fact]
    public async Task An_operator_sees_who_is_connected_and_how()
    {
        await using var ada = nodes.First.ClientFor("ada", skipNegotiation: true);
        await using var bob = nodes.Second.ClientFor("bob", skipNegotiation: true);
        await Task.WhenAll(ada.StartAsync(), bob.StartAsync());
        await Eventually.HoldsAsync(async () => (await RunAsync("list")).Output is var listed && listed.Contains("1\tada\n") && listed.Contains("1\tbob\n"));

        var shown = await RunAsync("show", "--user", "ada");
        var asJson = await RunAsync("show", "--user", "ada", "--json");

        shown.Output.Trim('\n').Split('\t').Should().HaveCount(6).And.ContainInOrder("WebSockets");
        shown.Output.Should().StartWith(asJson.Json.GetProperty("connections")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_long_list_is_walked_through()
    {
        var clients = await Task.WhenAll(Enumerable.Range(0, 9).Select(async number =>
        {
            var client = nodes.First.ClientFor($"walker {number}", skipNegotiation: true);
            await client.StartAsync();
            return client;
        }));
        await Eventually.HoldsAsync(async () => (await RunAsync("list")).Output.Split("walker").Length == 10);

        var (walked, next) = (new List<string>(), (string?)null);
        do
        {
            var run = await RunAsync([.. (string[])["list", "--limit", "3", "--json"], .. next is null ? (string[])[] : ["--cursor", next]]);
            walked.AddRange(run.Json.GetProperty("users").EnumerateArray().Select(user => user.GetProperty("user").GetString()!));
            next = run.Json.TryGetProperty("next", out var cursor) ? cursor.GetString() : null;
        }
        while (next is not null);

        walked.Where(user => user.StartsWith("walker", StringComparison.Ordinal)).Should()
            .BeEquivalentTo(Enumerable.Range(0, 9).Select(number => $"walker {number}"));
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    [Theory]
    [InlineData(1, "The user must", "show", "--user", "")]
    [InlineData(1, "The cursor must be the next of a list", "list", "--cursor", "nothing")]
    [InlineData(2, "--limit must be a whole number from 1 to 1000", "list", "--limit", "0")]
    public async Task What_makes_no_sense_is_refused_with_a_sentence(int exitCode, string sentence, params string[] arguments)
    {
        var run = await RunAsync(arguments);

        run.Should().BeEquivalentTo(new { ExitCode = exitCode, Output = "" });
        run.Error.Should().Contain(sentence);
    }

    private Task<CommandRun> RunAsync(params string[] arguments) =>
        CommandRun.OfAsync(["connections", .. arguments, "--Redis:Connection", CommandRun.Patiently(nodes.Redis)]);
}
