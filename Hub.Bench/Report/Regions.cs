using System.Text.RegularExpressions;

namespace RealtimeHub.Bench.Report;

/// <summary>
/// The parts of a page that hold figures: between <c>&lt;!-- table: Connect --&gt;</c> and <c>&lt;!-- /table --&gt;</c> stands the table of
/// that workload.
/// </summary>
internal static partial class Regions
{
    /// <summary>The name of the region that holds what shall hold, and whether it does.</summary>
    public const string Goals = "Goals";

    private const string End = "<!-- /table -->";

    /// <summary>The page with every region filled from a book.</summary>
    public static string Fill(string page, Book book) => Region().Replace(page, region => $"{region.Groups["begin"].Value}\n{Table(book, region.Groups["name"].Value)}{End}");

    /// <summary>The regions of a page, in their order.</summary>
    public static IReadOnlyList<string> In(string page) => [.. Region().Matches(page).Select(region => region.Groups["name"].Value)];

    private static string Table(Book book, string name) =>
        name == Goals ? Page.Goals(book)
        : book.Measurements.Any(measurement => measurement.Workload == name) ? Report.Table.Render(book, name)
        : "Not measured yet.\n";

    [GeneratedRegex($"(?<begin><!-- table: (?<name>[^>]+) -->)\n.*?{End}", RegexOptions.Singleline)]
    private static partial Regex Region();
}
