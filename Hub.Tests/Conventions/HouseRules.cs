using System.Text.RegularExpressions;

namespace RealtimeHub.Tests.Conventions;

public sealed partial class HouseRules
{
    /// <summary>The journey: each folder, and the folders that it may name. Operations is what every step stands on.</summary>
    private static readonly Dictionary<string, string[]> Journey = new()
    {
        ["Hub.Backend/Operations"] = [],
        ["Hub.Backend/Redis"] = ["Operations"],
        ["Hub.Backend/Routing"] = ["Redis", "Operations"],
        ["Hub.Backend/Tokens"] = ["Redis", "Operations"],
        ["Hub.Backend/Minting"] = ["Tokens", "Routing", "Redis", "Operations"],
        ["Hub.Backend/Publishing"] = ["Routing", "Redis", "Operations"],
        ["Hub.Server/Authentication"] = ["Minting", "Tokens", "Redis", "Operations"],
        ["Hub.Server/Nodes"] = ["Routing", "Redis", "Operations"],
        ["Hub.Server/Delivery"] = ["Authentication", "Routing", "Redis", "Operations"],
        ["Hub.Server/Resuming"] = ["Delivery", "Routing", "Redis", "Operations"],
        ["Hub.Server/Connections"] = ["Authentication", "Nodes", "Delivery", "Resuming", "Publishing", "Routing", "Redis", "Operations"],
        ["Hub.Server/Ingress"] = ["Publishing", "Minting", "Tokens", "Routing", "Redis", "Operations"],
        ["Hub.Server/Hosting"] = ["Ingress", "Connections", "Nodes", "Minting", "Tokens", "Redis", "Operations"],
        ["Hub.Server/CommandLine"] =
            ["Hosting", "Ingress", "Connections", "Nodes", "Authentication", "Publishing", "Minting", "Tokens", "Routing", "Redis", "Operations"],
    };

    public static TheoryData<string> Folders => [.. Journey.Keys];

    [Theory]
    [MemberData(nameof(Folders))]
    public void References_run_only_along_the_journey(string folder)
    {
        var (project, step) = (folder.Split('/')[0], folder.Split('/')[1]);
        var steps = Journey.Keys.Select(key => key.Split('/')[1]).ToHashSet();

        var named = Source.Of(project).Where(file => file.Path.StartsWith(step + "/", StringComparison.Ordinal))
            .SelectMany(file => FolderReference().Matches(file.Text).Select(match => match.Groups["folder"].Value))
            .Where(steps.Contains).Where(name => name != step).Distinct();

        named.Should().BeSubsetOf(Journey[folder]);
    }

    [Theory]
    [InlineData("Hub.Backend")]
    [InlineData("Hub.Server")]
    public void Every_folder_is_a_step_of_the_journey(string project) =>
        Source.Of(project).Select(file => file.Path.Split('/')).Where(path => path.Length > 1).Select(path => $"{project}/{path[0]}").Distinct()
            .Should().BeEquivalentTo(Journey.Keys.Where(folder => folder.StartsWith(project + "/", StringComparison.Ordinal)));

    [Theory]
    [InlineData("Hub.Backend", "RealtimeHub")]
    [InlineData("Hub.Server", "RealtimeHub")]
    [InlineData("Hub.Tests", "RealtimeHub.Tests")]
    public void A_namespace_is_called_like_its_folder(string project, string root) =>
        Source.Of(project).Where(file => file.Path != "Program.cs").Should().OnlyContain(
            file => Namespace().Match(file.Text).Groups["name"].Value == string.Join('.', file.Path.Split('/').SkipLast(1).Prepend(root)));

    [Theory]
    [InlineData("Hub.Backend")]
    [InlineData("Hub.Bench")]
    [InlineData("Hub.Client")]
    [InlineData("Hub.Server")]
    [InlineData("Hub.Tests")]
    public void A_file_holds_one_type_and_bears_its_name(string project) =>
        Source.Of(project).Where(file => file.Path != "Program.cs").Should().OnlyContain(
            file => TopLevelType().Matches(file.Text).Select(match => match.Groups["name"].Value).SequenceEqual(new[] { NameIn(file.Path) }));

    [Fact]
    public void The_program_is_a_table_of_contents_under_40_lines() =>
        Source.Of("Hub.Server").Single(file => file.Path == "Program.cs").Text.Count(character => character == '\n').Should().BeLessThan(40);

    [Fact]
    public void Redis_keys_are_built_in_one_place() =>
        Source.Of("Hub.Backend").Concat(Source.Of("Hub.Server")).Where(file => file.Text.Contains("KeyPrefix +", StringComparison.Ordinal)).Select(file => file.Path)
            .Should().Equal("Redis/RedisKeys.cs");

    /// <summary>Where a generic type has the name of another, its file is called as in <c>PushMessage{TPayload}.cs</c>.</summary>
    private static string NameIn(string path) => Path.GetFileNameWithoutExtension(path).Split('{')[0];

    [GeneratedRegex(@"\bRealtimeHub\.(?<folder>\w+)")]
    private static partial Regex FolderReference();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^(?:public |internal |sealed |static |abstract |partial |readonly )*(?:class|record struct|record|struct|interface|enum|delegate [\w<>]+) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();
}
