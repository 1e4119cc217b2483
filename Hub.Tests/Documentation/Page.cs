using RealtimeHub.Tests.Conventions;

namespace RealtimeHub.Tests.Documentation;

/// <summary>Reads a page of the documentation.</summary>
internal static class Page
{
    private const string Fence = "```";

    public static string Text(string path) => File.ReadAllText(Path.Combine(Source.Root, path));

    /// <summary>The fenced blocks of a page, in their order.</summary>
    public static IReadOnlyList<CodeBlock> Blocks(string path)
    {
        var blocks = new List<CodeBlock>();
        var (heading, lead) = ("", "");
        var lines = Text(path).Split('\n');
        for (var at = 0; at < lines.Length; at++)
        {
            var line = lines[at];
            if (line.StartsWith(Fence, StringComparison.Ordinal))
            {
                var end = Array.IndexOf(lines, Fence, at + 1);
                blocks.Add(new CodeBlock(line[Fence.Length..], heading, lead.Trim(), string.Join('\n', lines[(at + 1)..end])));
                (at, lead) = (end, "");
            }
            else if (line.StartsWith('#'))
            {
                (heading, lead) = (line.TrimStart('#', ' '), "");
            }
            else
            {
                lead = line.Length > 0
                    ? $"{lead}\n{line}"
                    : lines[at..].Skip(1).FirstOrDefault("").StartsWith(Fence, StringComparison.Ordinal) ? lead : "";
            }
        }

        return blocks;
    }
}
