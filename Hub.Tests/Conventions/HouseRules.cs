using System.Reflection;
using System.Text.RegularExpressions;
using RealtimeHub.Client;
using RealtimeHub.Connections;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Conventions.Sample.Earlier;

namespace RealtimeHub.Tests.Conventions;

public sealed partial class HouseRules
{
    /// <summary>The journey: each folder, and the folders that it may name. Operations is what every step stands on.</summary>
    private static readonly Dictionary<string, string[]> Journey = new()
    {
        ["Hub.Backend/Operations"] = [],
        ["Hub.Backend/Redis"] = ["Operations"],
        ["Hub.Backend/Routing"] = ["Redis", "Operations"],
        ["Hub.Backend/Tokens"] = ["Routing", "Redis", "Operations"],
        ["Hub.Backend/Minting"] = ["Tokens", "Routing", "Redis", "Operations"],
        ["Hub.Backend/Publishing"] = ["Routing", "Redis", "Operations"],
        ["Hub.Server/Authentication"] = ["Minting", "Tokens", "Routing", "Redis", "Operations"],
        ["Hub.Server/Transport"] = ["Authentication", "Minting", "Tokens", "Operations"],
        ["Hub.Server/Nodes"] = ["Routing", "Redis", "Operations"],
        ["Hub.Server/Delivery"] = ["Authentication", "Transport", "Routing", "Redis", "Operations"],
        ["Hub.Server/Resuming"] = ["Authentication", "Delivery", "Routing", "Redis", "Operations"],
        ["Hub.Server/Receipts"] = ["Authentication", "Nodes", "Delivery", "Routing", "Redis", "Operations"],
        ["Hub.Server/Presence"] = ["Authentication", "Nodes", "Delivery", "Routing", "Redis", "Operations"],
        ["Hub.Server/Control"] = ["Nodes", "Delivery", "Tokens", "Routing", "Redis", "Operations"],
        ["Hub.Server/Connections"] =
            ["Authentication", "Transport", "Nodes", "Delivery", "Resuming", "Receipts", "Presence", "Control", "Publishing", "Routing", "Redis", "Operations"],
        ["Hub.Server/Insight"] =
            ["Authentication", "Connections", "Receipts", "Presence", "Delivery", "Nodes", "Publishing", "Tokens", "Routing", "Redis", "Operations"],
        ["Hub.Server/Ingress"] = ["Authentication", "Insight", "Receipts", "Presence", "Control", "Nodes", "Publishing", "Minting", "Tokens", "Routing", "Redis", "Operations"],
        ["Hub.Server/Events"] = ["Authentication", "Ingress", "Publishing", "Routing", "Redis", "Operations"],
        ["Hub.Server/Hosting"] = ["Ingress", "Insight", "Connections", "Nodes", "Minting", "Tokens", "Routing", "Redis", "Operations"],
        ["Hub.Server/CommandLine"] =
            [
                "Hosting", "Ingress", "Insight", "Presence", "Control", "Connections", "Nodes", "Authentication", "Publishing", "Minting", "Tokens", "Routing",
                "Redis", "Operations",
            ],
    };

    /// <summary>Where a folder has folders of its own: which of them each may name.</summary>
    private static readonly Dictionary<string, string[]> Rooms = new()
    {
        ["Operations"] = [],
        ["Operations/Settings"] = [],
        ["Operations/Redaction"] = ["Operations"],
        ["Routing"] = ["Routing/Events", "Routing/Receipts"],
        ["Routing/Events"] = ["Routing"],
        ["Routing/Receipts"] = ["Routing", "Routing/Events"],
        ["Insight"] = ["Insight/Messages", "Insight/Load", "Insight/Settings"],
        ["Insight/Settings"] = [],
        ["Insight/Load"] = [],
        ["Insight/Messages"] = [],
        ["Authentication"] = ["Authentication/Binding", "Authentication/Limits"],
        ["Authentication/Binding"] = ["Authentication", "Authentication/Limits"],
        ["Authentication/Limits"] = ["Authentication"],
        ["Ingress"] = ["Ingress/Http"],
        ["Ingress/Http"] = ["Ingress", "Ingress/Http/Keys", "Ingress/Http/Reference"],
        ["Ingress/Http/Keys"] = ["Ingress/Http"],
        ["Ingress/Http/Reference"] = ["Ingress/Http", "Ingress/Http/Keys"],
        ["Ingress/RabbitMq"] = ["Ingress", "Ingress/Http"],
        ["CommandLine"] = ["CommandLine/ConfigCheck", "CommandLine/Probe"],
        ["CommandLine/Probe"] = ["CommandLine"],
        ["CommandLine/ConfigCheck"] = [],
        ["Client"] = ["Client/Receipts", "Client/Handling", "Client/Resuming", "Client/Joining", "Client/Connecting"],
        ["Client/Handling"] = ["Client"],
        ["Client/Receipts"] = ["Client", "Client/Handling"],
        ["Client/Resuming"] = ["Client", "Client/Handling"],
        ["Client/Joining"] = ["Client", "Client/Handling"],
        ["Client/Connecting"] = ["Client", "Client/Receipts", "Client/Handling", "Client/Resuming", "Client/Joining"],
    };

    /// <summary>The compiler asks for the one without a namespace, the runtime for the other.</summary>
    private static readonly string[] OutsideOfNamespaces = ["Program.cs", "StartupHook.cs"];

    /// <summary>Where a host expects what it registers and maps.</summary>
    private static readonly string[] NamespacesForHosts =
        ["Microsoft.Extensions.DependencyInjection", "Microsoft.AspNetCore.Builder", "OpenTelemetry.Metrics", "OpenTelemetry.Trace"];

    private static readonly Assembly[] Product = [typeof(Address).Assembly, typeof(PushHub).Assembly, typeof(PushClient).Assembly];

    private static readonly Lazy<Reference[]> References = new(() => [.. Product.SelectMany(CompiledReferences.In)]);

    public static TheoryData<string> Folders => [.. Journey.Keys];

    public static TheoryData<string> FoldersInFolders => [.. Rooms.Keys];

    public static TheoryData<string> WaysOfNaming => [.. typeof(Breaches).GetNestedTypes(BindingFlags.NonPublic).Select(way => way.Name)];

    [Theory]
    [MemberData(nameof(Folders))]
    public void References_run_only_along_the_journey(string folder) => AgainstTheJourney(References.Value, folder).Should().BeEmpty();

    [Theory]
    [MemberData(nameof(FoldersInFolders))]
    public void Within_a_step_references_run_only_from_room_to_room(string room) => BetweenRooms(References.Value, room).Should().BeEmpty();

    [Fact]
    public void A_reference_against_the_journey_is_told()
    {
        var back = new Reference(new("Routing", "Address"), new("Delivery", "Outbox"));
        var along = new Reference(new("Delivery", "Outbox"), new("Routing", "Address"));

        AgainstTheJourney([back, along], "Hub.Backend/Routing").Should().Equal(back);
        AgainstTheJourney([back, along], "Hub.Server/Delivery").Should().BeEmpty();
    }

    [Fact]
    public void A_reference_to_a_room_that_is_closed_is_told()
    {
        var across = new Reference(new("Ingress/Http", "BatchEndpoint"), new("Ingress/RabbitMq", "QueuedMessage"));
        var inside = new Reference(new("Ingress/Http", "BatchEndpoint"), new("Ingress/Http", "BatchItem"));

        BetweenRooms([across, inside], "Ingress/Http").Should().Equal(across);
    }

    /// <summary>Constants, <c>nameof</c> and the documentation's references are not in what is compiled.</summary>
    [Theory]
    [MemberData(nameof(Folders))]
    public void The_source_writes_only_names_along_the_journey(string folder)
    {
        var (project, step) = (folder.Split('/')[0], folder.Split('/')[1]);
        var steps = Journey.Keys.Select(key => key.Split('/')[1]).ToHashSet();

        var named = Source.Of(project).Where(file => file.Path.StartsWith(step + "/", StringComparison.Ordinal))
            .SelectMany(file => FolderReference().Matches(file.Text).Select(match => match.Groups["folder"].Value))
            .Where(steps.Contains).Where(name => name != step).Distinct();

        named.Should().BeSubsetOf(Journey[folder]);
    }

    [Fact]
    public void The_journey_goes_one_way()
    {
        var steps = Journey.Keys.Select(folder => folder.Split('/')[1]).ToList();

        Journey.Should()
            .OnlyContain(folder => folder.Value.All(named => steps.IndexOf(named) < steps.IndexOf(folder.Key.Split('/', 2)[1])));
    }

    [Fact]
    public void What_stands_in_a_namespace_for_hosts_is_judged_by_its_folder() => References.Value.Should().Contain(
        reference => reference.From.ToString() == "Connections/PushHubServiceCollectionExtensions"
            && reference.To.ToString() == "Transport/SingleUseTokenAuthenticationBuilderExtensions");

    [Theory]
    [MemberData(nameof(WaysOfNaming))]
    public void A_reference_is_seen_in_whichever_way_it_is_made(string way)
    {
        var breach = typeof(Breaches).GetNestedType(way, BindingFlags.NonPublic)!;

        CompiledReferences.In(breach).Should().Contain(
            reference => reference.ToString() == "Tests/Conventions/Sample/Earlier/Breaches names Tests/Conventions/Sample/Later/Thing");
    }

    /// <summary>Only Program stands in none, and what hosts call in the framework's.</summary>
    [Fact]
    public void Every_type_stands_in_a_folder_that_has_a_rule() =>
        Product.SelectMany(CompiledReferences.NamespacesIn).Distinct().Except(NamespacesForHosts)
            .Select(name => name.Replace("RealtimeHub.", "").Replace('.', '/'))
            .Should().BeSubsetOf(Journey.Keys.Select(folder => folder.Split('/')[1]).Concat(Rooms.Keys).Append(""));

    [Theory]
    [InlineData("Hub.Backend")]
    [InlineData("Hub.Server")]
    public void Every_folder_is_a_step_of_the_journey(string project) =>
        Source.Of(project).Select(file => file.Path.Split('/')).Where(path => path.Length > 1).Select(path => $"{project}/{path[0]}").Distinct()
            .Should().BeEquivalentTo(Journey.Keys.Where(folder => folder.StartsWith(project + "/", StringComparison.Ordinal)));

    [Theory]
    [InlineData("Hub.Backend", "RealtimeHub")]
    [InlineData("Hub.Bench", "RealtimeHub.Bench")]
    [InlineData("Hub.Client", "RealtimeHub.Client")]
    [InlineData("Hub.Server", "RealtimeHub")]
    [InlineData("Hub.Tests", "RealtimeHub.Tests")]
    public void A_namespace_is_called_like_its_folder(string project, string root) =>
        Source.Of(project).Where(file => !OutsideOfNamespaces.Contains(file.Path) && !IsForHosts(file.Text)).Should().OnlyContain(
            file => Namespace().Match(file.Text).Groups["name"].Value == string.Join('.', file.Path.Split('/').SkipLast(1).Prepend(root)));

    /// <summary>A host registers and maps without a using of ours, as it does with what the framework brings.</summary>
    [Theory]
    [InlineData("Hub.Backend")]
    [InlineData("Hub.Server")]
    public void What_a_host_calls_stands_in_the_framework_s_namespaces_and_nothing_else_does(string project) =>
        Source.Of(project).Where(file => IsForHosts(file.Text)).Should().NotBeEmpty().And.OnlyContain(
            file => file.Path.EndsWith("Extensions.cs", StringComparison.Ordinal)).And.BeEquivalentTo(
                Source.Of(project).Where(file => PublicExtensions().IsMatch(file.Text)));

    [Theory]
    [InlineData("Hub.Backend")]
    [InlineData("Hub.Bench")]
    [InlineData("Hub.Client")]
    [InlineData("Hub.Server")]
    [InlineData("Hub.Tests")]
    public void A_file_holds_one_type_and_bears_its_name(string project) =>
        Source.Of(project).Where(file => file.Path != "Program.cs").Should().OnlyContain(
            file => TopLevelType().Matches(file.Text).Select(match => match.Groups["name"].Value).SequenceEqual(new[] { NameIn(file.Path) }));

    /// <summary>A sentence, or JSON, in quotes may go on: who looks for it finds it in one piece.</summary>
    [Theory]
    [InlineData("Hub.Backend")]
    [InlineData("Hub.Bench")]
    [InlineData("Hub.Client")]
    [InlineData("Hub.Server")]
    [InlineData("Hub.Tests")]
    [InlineData("samples")]
    public void A_line_has_140_characters_at_the_most_beside_what_is_quoted(string project) =>
        Source.Of(project).SelectMany(file => file.Text.Split('\n').Select((line, index) => (Line: $"{file.Path}:{index + 1}", Text: line)))
            .Where(line => Quoted().Replace(line.Text, "").Length > 140).Select(line => line.Line).Should().BeEmpty();

    [Fact]
    public void The_program_is_a_table_of_contents_under_40_lines() =>
        Source.Of("Hub.Server").Single(file => file.Path == "Program.cs").Text.Count(character => character == '\n').Should().BeLessThan(40);

    [Fact]
    public void Redis_keys_are_built_in_one_place() =>
        Source.Of("Hub.Backend").Concat(Source.Of("Hub.Server")).Where(file => file.Text.Contains("KeyPrefix +", StringComparison.Ordinal)).Select(file => file.Path)
            .Should().Equal("Redis/RedisKeys.cs");

    /// <remarks>xunit knows of no <see cref="IAsyncDisposable"/>: what a class ends there goes on until the run is over, and beyond.</remarks>
    [Fact]
    public void What_a_test_has_begun_is_ended_in_a_way_that_xunit_knows()
    {
        Type[] suites =
        [
            .. typeof(HouseRules).Assembly.GetTypes()
                .Where(type => type.GetMethods().Any(method => method.IsDefined(typeof(FactAttribute)))),
        ];
        var fixtures = suites.SelectMany(suite => suite.GetInterfaces())
            .Where(mark => mark.IsGenericType && mark.GetGenericTypeDefinition() == typeof(IClassFixture<>))
            .Select(mark => mark.GetGenericArguments()[0]);

        suites.Concat(fixtures).Where(type => type.IsAssignableTo(typeof(IAsyncDisposable))
            && !type.IsAssignableTo(typeof(IAsyncLifetime)) && !type.IsAssignableTo(typeof(IDisposable))).Should().BeEmpty();
    }

    private static IEnumerable<Reference> AgainstTheJourney(IEnumerable<Reference> references, string folder) => references
        .Where(reference => folder.EndsWith("/" + reference.From.Step, StringComparison.Ordinal) && reference.To.Step != reference.From.Step)
        .Where(reference => !Journey[folder].Contains(reference.To.Step));

    private static IEnumerable<Reference> BetweenRooms(IEnumerable<Reference> references, string room) => references
        .Where(reference => reference.From.Folder == room && reference.To.Step == reference.From.Step && reference.To.Folder != room)
        .Where(reference => !Rooms[room].Contains(reference.To.Folder));

    /// <summary>Where a generic type has the name of another, its file is called as in <c>PushMessage{TPayload}.cs</c>.</summary>
    private static string NameIn(string path) => Path.GetFileNameWithoutExtension(path).Split('{')[0];

    private static bool IsForHosts(string text) => NamespacesForHosts.Contains(Namespace().Match(text).Groups["name"].Value);

    [GeneratedRegex(@"^public static class \w+Extensions$", RegexOptions.Multiline)]
    private static partial Regex PublicExtensions();

    [GeneratedRegex(@"(""{3}).*?\1|""(?:[^""\\]|\\.)*""")]
    private static partial Regex Quoted();

    /// <summary>As a whole, or from a namespace beside it.</summary>
    [GeneratedRegex(@"\bRealtimeHub\.(?<folder>\w+)|(?<![\w.])(?<folder>[A-Z]\w+)\.[A-Z]")]
    private static partial Regex FolderReference();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^(?:public |internal |sealed |static |abstract |partial |readonly )*(?:class|record struct|record|struct|interface|enum|delegate [\w<>]+) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();
}
