using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.CommandLine;

/// <summary>What an operator does with <c>connections</c>, with a real hub.</summary>
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

    [Fact]
    public async Task An_operator_ends_a_user_on_every_node_and_is_told_how_many_there_were()
    {
        using var first = await OpenAsync(nodes.First, "eve");
        using var second = await OpenAsync(nodes.Second, "eve");

        var ended = await RunAsync("end", "--user", "eve", "--reason", "Signed out.", "--stay-away", "--json");

        ended.Json.GetProperty("ended").GetInt32().Should().Be(2);
        ended.Json.GetProperty("epoch").GetInt64().Should().BePositive();
        (await first.ReadToEndAsync()).Should().Contain("""{"type":7,"error":"ended: Signed out."}""");
        (await second.ReadToEndAsync()).Should().Contain("""{"type":7,"error":"ended: Signed out."}""");
        (await RunAsync("end", "--label", "nothing")).Should().BeEquivalentTo(new { ExitCode = 0, Output = "0\n", Error = "" });
    }

    [Fact]
    public async Task An_operator_has_a_user_renewed_and_bans_one_and_lifts_the_ban()
    {
        using var socket = await OpenAsync(nodes.Second, "mallory");

        (await RunAsync("renew", "--user", "mallory")).Output.Should().Be("1\n");
        (await RunAsync("ban", "--user", "mallory", "--until", "2099-01-31T12:00:00Z", "--reason", "Spam.")).Output.Should().Be("1\n");

        (await socket.ReadToEndAsync()).Should().Contain("""{"type":7,"error":"banned: Spam."}""");
        (await RunAsync("unban", "--user", "mallory")).ExitCode.Should().Be(0);
        using var free = await OpenAsync(nodes.First, "mallory");
    }

    [Fact]
    public async Task Who_only_asks_is_no_node()
    {
        await RunAsync("end", "--user", "nobody");

        (await nodes.Redis.Database.SetLengthAsync("hub:nodes")).Should().Be(2);
    }

    [Theory]
    [InlineData(1, "The user must", "end", "--user", "")]
    [InlineData(1, "The reason must", "end", "--user", "alice", "--reason", "")]
    [InlineData(1, "--until must be a time to come", "ban", "--user", "alice", "--until", "2001-01-31")]
    [InlineData(1, "--until must be a time to come", "ban", "--user", "alice", "--until", "soon")]
    [InlineData(2, "Say whose connections", "end")]
    [InlineData(2, "Say whose connections", "end", "--user", "alice", "--label", "l")]
    [InlineData(2, "Either --session or --connection", "end", "--user", "alice", "--session", "s", "--connection", "c")]
    [InlineData(2, "belong to a --user", "end", "--label", "l", "--session", "s")]
    [InlineData(1, "The user must", "show", "--user", "")]
    [InlineData(1, "The cursor must be the next of a list", "list", "--cursor", "nothing")]
    [InlineData(2, "--limit must be a whole number from 1 to 1000", "list", "--limit", "0")]
    public async Task What_makes_no_sense_is_refused_with_a_sentence(int exitCode, string sentence, params string[] arguments)
    {
        var run = await RunAsync(arguments);

        run.Should().BeEquivalentTo(new { ExitCode = exitCode, Output = "" });
        run.Error.Should().Contain(sentence);
    }

    private static async Task<RawSocket> OpenAsync(Node node, string user)
    {
        var socket = await RawSocket.OpenAsync(node, await node.MintAsync(user), "?heads=true");
        (await socket.ReadMessageAsync()).Should().Contain("\"Heads\"");
        return socket;
    }

    private Task<CommandRun> RunAsync(params string[] arguments) =>
        CommandRun.OfAsync(["connections", .. arguments, "--Redis:Connection", CommandRun.Patiently(nodes.Redis)]);
}
