using System.Text.RegularExpressions;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Documentation;

/// <summary>Every call of the HTTP API that docs/protocol.md shows, as it stands there.</summary>
public sealed partial class ApiExamples(InMemoryNode node) : IClassFixture<InMemoryNode>
{
    private static readonly IReadOnlyList<CodeBlock> Blocks = Page.Blocks("docs/protocol.md");

    public static IEnumerable<object[]> Calls =>
        Enumerable.Range(0, Blocks.Count).Where(at => Blocks[at].Language == "sh" && Blocks[at].Text.Contains("curl"))
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
    public void The_page_shows_a_call_of_every_path() =>
        string.Join('\n', Blocks.Where(block => block.Language == "sh").Select(block => block.Text)).Should().ContainAll(
            "/api/tokens ", "/api/users/alice/messages ", "/api/groups/room1/messages ", "/api/everyone/messages ", "/api/messages ",
            "/api/users/alice ", "/api/users/status ", "/api/users?", "/api/groups/room1/members?", "/api/nodes ", "/drain ",
            "/api/users/alice/messages/$ID", "/api/explain?user=alice", "/api/users/alice/connections?", "/api/users/alice/sessions/", "/api/users/alice/connections/", "/api/connections/end ", "/ban ");

    /// <summary>A call whose answer another one needs, before it.</summary>
    [GeneratedRegex(@"\$\(curl")]
    private static partial Regex Taken();

    [GeneratedRegex(@"\b[2-5]\d\d\b")]
    private static partial Regex Status();
}
