using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Documentation;

/// <summary>The calls that the README shows, as they stand there.</summary>
public sealed class ReadmeExamples(InMemoryNode node) : IClassFixture<InMemoryNode>
{
    [Fact]
    public async Task The_handshake_by_hand_opens_once()
    {
        using var shell = new Shell(node.Node);
        var script = Block("Try it", "Upgrade: websocket").Text;
        var handshake = script[script.IndexOf("curl --include", StringComparison.Ordinal)..];

        var (output, statuses) = await shell.RunAsync($"{script}\n{handshake}");

        statuses.Should().Equal(201, 101, 401);
        output.Should().Contain("101 Switching Protocols").And.Contain("\"code\":\"token_spent\"");
    }

    private static CodeBlock Block(string heading, string part) =>
        Page.Blocks("README.md")
            .Single(block => block.Language == "sh" && block.Heading == heading && block.Text.Contains(part, StringComparison.Ordinal));
}
