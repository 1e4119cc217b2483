using System.Text.RegularExpressions;
using RealtimeHub.Tests.Conventions;

namespace RealtimeHub.Tests.Documentation;

/// <summary>A stranger who follows a path of docs/architecture.md finds each of its files.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Source.Root, "docs", "architecture.md"));

    [Fact]
    public void Every_file_that_it_names_is_there() =>
        NamedFile().Matches(Text).Select(match => match.Groups["path"].Value).Distinct()
            .Should().HaveCountGreaterThan(20).And.OnlyContain(path => File.Exists(Path.Combine(Source.Root, path)));

    [Fact]
    public void A_path_is_at_most_ten_files_long() =>
        Text.Split("\n\n").Where(paragraph => paragraph.Contains(" →\n", StringComparison.Ordinal)).Select(paragraph => NamedFile().Count(paragraph))
            .Should().HaveCount(3).And.OnlyContain(files => files <= 10);

    [GeneratedRegex(@"`(?<path>Hub\.[\w./]+\.(?:cs|lua|ts))`")]
    private static partial Regex NamedFile();
}
