using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Documentation;

/// <summary>Every call of the HTTP API that docs/protocol.md shows, as it stands there.</summary>
public sealed partial class ApiExamples(DocumentedNode node) : IClassFixture<DocumentedNode>
{
    private static readonly IReadOnlyList<CodeBlock> Blocks = Page.Blocks("docs/protocol.md");

    public static IEnumerable<object[]> Calls =>
        Enumerable.Range(0, Blocks.Count).Where(at => IsCall(Blocks[at]) && !IsFollowing(Blocks[at]))
            .Select(at => new object[] { at, Blocks[at].ToString() });

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_is_answered_as_the_page_says(int at, string named)
    {
        using var shell = new Shell(node.Node);
        var answer = Blocks[at + 1];

        var (output, statuses) = await shell.RunAsync(Blocks[at].Text);

        answer.Language.Should().Be("json", $"the answer stands behind {named}");
        var shown = statuses.Skip(Taken().Count(Blocks[at].Text));
        shown.Should().NotBeEmpty().And.OnlyContain(status => status == int.Parse(Status().Match(answer.Lead).Value));
        new JsonExample(answer.Text).ShouldMatch(output);
    }

    [Fact]
    public async Task What_is_followed_is_told_as_the_page_says()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/users/ada/follow?seconds=60") { Headers = { { "X-Api-Key", Node.ApiKey } } };
        using var answer = await node.Node.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        await using var client = node.Node.ClientFor("ada");
        await client.StartAsync();
        await node.Node.Publisher.PublishAsync(Address.User("ada"), "order.shipped", new { id = 7 });

        var told = await lines.ReadLineAsync();
        while (told is not null && !told.Contains("\"sent\"", StringComparison.Ordinal))
        {
            told = await lines.ReadLineAsync();
        }

        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/x-ndjson");
        var example = JsonNode.Parse(Blocks[Blocks.ToList().FindIndex(IsFollowing) + 1].Text.Replace("alice", "ada"))!;
        example["connection"] = client.ConnectionId;
        new JsonExample(example.ToJsonString()).ShouldMatch(told!);
    }

    [Fact]
    public void The_page_shows_a_call_of_every_path() =>
        string.Join('\n', Blocks.Where(block => block.Language == "sh").Select(block => block.Text)).Should().ContainAll(
            "/api/tokens ", "/api/users/alice/messages ", "/api/groups/room1/messages ", "/api/everyone/messages ", "/api/messages ",
            "/api/users/alice ", "/api/users/status ", "/api/users?", "/api/groups/room1/members?", "/api/nodes ", "/drain ",
            "/api/users/alice/messages/$ID", "/api/users/alice/devices ", "/api/explain?user=alice", "/api/log?address=", "/api/users/alice/follow?", "/api/users/alice/connections?", "/api/users/alice/sessions/", "/api/users/alice/connections/", "/api/connections/end ", "/ban ");

    private static bool IsCall(CodeBlock block) => block.Language == "sh" && block.Text.Contains("curl");

    /// <summary>Whether what the call answers comes as it happens.</summary>
    private static bool IsFollowing(CodeBlock block) => IsCall(block) && block.Text.Contains("curl -N");

    /// <summary>A call whose answer another one needs, before it.</summary>
    [GeneratedRegex(@"\$\(curl")]
    private static partial Regex Taken();

    [GeneratedRegex(@"\b[2-5]\d\d\b")]
    private static partial Regex Status();
}
