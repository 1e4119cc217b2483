using System.Globalization;

namespace RealtimeHub.Bench.Report;

/// <summary>
/// The ratios of a run and their intervals as CSV, beside the file of its numbers. A field is empty where there is no interval.
/// </summary>
internal static class RatioFile
{
    private const string Heading = "workload,metric,system,beside workload,beside metric,beside system,ratio,low,high";

    /// <summary>Where the ratios of a file of numbers go.</summary>
    public static string PathBeside(string csv) => Path.ChangeExtension(csv, "ratios.csv");

    public static void Write(Book book, string csv) =>
        File.WriteAllLines(PathBeside(csv), Comparison.In(book).SelectMany(comparison => Line(comparison, book)).Prepend(Heading));

    private static IEnumerable<string> Line(Comparison comparison, Book book)
    {
        if (comparison.RatioIn(book) is { } ratio)
        {
            yield return CsvLine.Write(
                [.. Fields(comparison.Of), .. Fields(comparison.To), Number(ratio.Value), Number(ratio.Low), Number(ratio.High)]);
        }
    }

    private static string[] Fields(Series series) => [series.Workload, series.Metric, series.System];

    private static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("0.####", CultureInfo.InvariantCulture);
}
