using System.Globalization;

namespace RealtimeHub.Bench.Report;

/// <summary>All that was measured in a run, in the order in which it was. Written and read as CSV.</summary>
internal sealed class Book
{
    private const string Heading = "workload,metric,unit,system,round,value";
    private const string Omission = "# ";

    private readonly List<Measurement> _measurements = [];

    public IReadOnlyList<Measurement> Measurements => _measurements;

    /// <summary>What was not measured, and why.</summary>
    public List<string> Omissions { get; } = [];

    public void Add(Measurement measurement) => _measurements.Add(measurement);

    /// <summary>Puts measurements of a workload in place of those that there are.</summary>
    public void Replace(string workload, IEnumerable<Measurement> measurements)
    {
        _measurements.RemoveAll(measurement => measurement.Workload == workload);
        _measurements.AddRange(measurements);
    }

    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllLines(path, [Heading, .. Omissions.Select(omission => $"{Omission}{omission}"), .. _measurements.Select(Line)]);
    }

    /// <exception cref="FormatException">A line is none of ours.</exception>
    public static Book Read(string path)
    {
        var book = new Book();
        foreach (var line in File.ReadLines(path).Skip(1))
        {
            if (line.StartsWith(Omission, StringComparison.Ordinal))
            {
                book.Omissions.Add(line[Omission.Length..]);
                continue;
            }

            book.Add(MeasurementIn(line) ?? throw new FormatException($"{path}: '{line}' does not have the fields {Heading}."));
        }

        return book;
    }

    /// <summary>The median of a metric over the rounds; null if it was not measured.</summary>
    public double? Median(string workload, string metric, string system) =>
        Statistics.Median([.. Of(workload, metric, system).Select(measurement => measurement.Value)]);

    /// <summary>The median over the rounds of the ratio of two numbers of the same round; null if they were not both measured.</summary>
    public double? Ratio((string Workload, string Metric, string System) of, (string Workload, string Metric, string System) to)
    {
        var others = Of(to.Workload, to.Metric, to.System).ToDictionary(measurement => measurement.Round, measurement => measurement.Value);
        return Statistics.Median([.. Of(of.Workload, of.Metric, of.System).Where(measurement => others.ContainsKey(measurement.Round))
            .Select(measurement => measurement.Value / others[measurement.Round])]);
    }

    private IEnumerable<Measurement> Of(string workload, string metric, string system) => _measurements.Where(
        measurement => measurement.Workload == workload && measurement.Metric == metric && measurement.System == system);

    private static Measurement? MeasurementIn(string line) =>
        CsvLine.Read(line) is [var workload, var metric, var unit, var system, var round, var value]
        && int.TryParse(round, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var measured)
            ? new(workload, metric, unit, system, number, measured)
            : null;

    private static string Line(Measurement measurement) => CsvLine.Write(
        measurement.Workload,
        measurement.Metric,
        measurement.Unit,
        measurement.System,
        measurement.Round.ToString(CultureInfo.InvariantCulture),
        measurement.Value.ToString("0.####", CultureInfo.InvariantCulture));
}
