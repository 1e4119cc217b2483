using System.Text.RegularExpressions;
using RealtimeHub.Client;
using RealtimeHub.Tests.Conventions;

namespace RealtimeHub.Tests.Client;

/// <summary>docs/clients.md has the options that there are.</summary>
public sealed partial class ClientsPageTests
{
    [Fact]
    public void The_page_has_every_option_of_the_NET_client_and_no_other()
    {
        var page = File.ReadAllText(Path.Combine(Source.Root, "docs", "clients.md"));

        Options().Matches(page.Split("## ")[1]).Select(row => row.Groups["name"].Value).Should()
            .BeEquivalentTo(NamesOf(typeof(PushClientOptions)).Concat(NamesOf(typeof(RetryOptions))));
    }

    private static IEnumerable<string> NamesOf(Type options) => options.GetProperties().Select(property => property.Name);

    [GeneratedRegex(@"^\| [^|`]+ \| `(?<name>\w+)`", RegexOptions.Multiline)]
    private static partial Regex Options();
}
