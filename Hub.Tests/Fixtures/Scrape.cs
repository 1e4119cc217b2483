using System.Globalization;
using System.Text.RegularExpressions;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>
/// What <c>/metrics</c> has answered. Each series is written <c>name{label="value",…}</c>, without the scope, its labels in order.
/// </summary>
internal sealed partial class Scrape
{
    private readonly Dictionary<string, double> _values;

    private Scrape(string text)
    {
        Text = text;
        _values = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#'))
            .Select(line => Line().Match(line))
            .ToDictionary(SeriesOf, line => double.Parse(line.Groups["value"].Value, CultureInfo.InvariantCulture));
    }

    /// <summary>The answer as it came.</summary>
    public string Text { get; }

    public IEnumerable<string> Series => _values.Keys;

    /// <summary>The names of the metrics, those of their parts (<c>_bucket</c> …) included.</summary>
    public IEnumerable<string> Names => Series.Select(series => series.Split('{')[0]).Distinct();

    /// <summary>The value of a series; 0 if there is none.</summary>
    public double this[string series] => _values.GetValueOrDefault(series);

    public static async Task<Scrape> OfAsync(string address)
    {
        using var http = new HttpClient();
        return new Scrape(await http.GetStringAsync(new Uri(address + "/metrics")));
    }

    /// <summary>Prometheus' own tool, given all or some of the lines.</summary>
    public Task<CommandRun> CheckAsync(Predicate<string> line) => CommandRun.OfProgramAsync(
        "promtool", ["check", "metrics"], [], string.Concat(Text.Split('\n').Where(text => text.Length > 0 && line(text)).Select(text => text + "\n")));

    private static string SeriesOf(Match line)
    {
        var labels = Label().Matches(line.Groups["labels"].Value).Select(label => label.Value)
            .Where(label => !label.StartsWith("otel_scope_name=", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        var all = string.Join(',', labels);
        return all.Length > 0 ? $"{line.Groups["name"].Value}{{{all}}}" : line.Groups["name"].Value;
    }

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][\w:]*)(\{(?<labels>.*)\})? (?<value>\S+)( \d+)?$")]
    private static partial Regex Line();

    [GeneratedRegex("\\w+=\"([^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Label();
}
