using System.Text.RegularExpressions;

namespace RealtimeHub.Tests.Conventions;

public sealed partial class HouseRules
{
    /// <summary>The journey: each folder, and the folders that it may name. Operations is what every step stands on.</summary>
    private static readonly Dictionary<string, string[]> Journey = new()
    {
        ["Operations"] = [],
        ["Redis"] = ["Operations"],
        ["Routing"] = ["Redis", "Operations"],
        ["Tokens"] = ["Routing", "Redis", "Operations"],
        ["Authentication"] = ["Tokens", "Redis", "Operations"],
        ["Delivery"] = ["Routing", "Redis", "Operations"],
        ["Connections"] = ["Authentication", "Delivery", "Routing", "Redis", "Operations"],
        ["Ingress"] = ["Delivery", "Routing", "Tokens", "Redis", "Operations"],
        ["CommandLine"] = ["Ingress", "Connections", "Delivery", "Authentication", "Tokens", "Routing", "Redis", "Operations"],
    };

    public static TheoryData<string> Folders => [.. Journey.Keys];

    [Theory]
    [MemberData(nameof(Folders))]
    public void References_run_only_along_the_journey(string folder)
    {
        var named = Source.Of("Hub.Server").Where(file => file.Path.StartsWith(folder + "/", StringComparison.Ordinal))
            .SelectMany(file => FolderReference().Matches(file.Text).Select(match => match.Groups["folder"].Value))
            .Where(Journey.ContainsKey).Where(name => name != folder).Distinct();

        named.Should().BeSubsetOf(Journey[folder]);
    }

    [Fact]
    public void Every_folder_of_the_server_is_a_step_of_the_journey() =>
        Source.Of("Hub.Server").Select(file => file.Path.Split('/')).Where(path => path.Length > 1).Select(path => path[0]).Distinct()
            .Should().BeEquivalentTo(Journey.Keys);

    [Theory]
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
        Source.Of("Hub.Server").Where(file => file.Text.Contains("KeyPrefix +", StringComparison.Ordinal)).Select(file => file.Path)
            .Should().Equal("Redis/RedisKeys.cs");

    /// <summary>Where a generic type has the name of another, its file is called as in <c>PushMessage{TPayload}.cs</c>.</summary>
    private static string NameIn(string path) => Path.GetFileNameWithoutExtension(path).Split('{')[0];

    [GeneratedRegex(@"\bRealtimeHub\.(?<folder>\w+)")]
    private static partial Regex FolderReference();

    [GeneratedRegex(@"^(?:public |internal |sealed |static |abstract |partial |readonly )*(?:class|record struct|record|struct|interface|enum|delegate [\w<>]+) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();
}
