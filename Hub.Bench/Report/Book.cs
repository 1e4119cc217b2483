using System.Globalization;

namespace RealtimeHub.Bench.Report;

/// <summary>All that was measured in a run, in the order in which it was. Written and read as CSV.</summary>
internal sealed class Book
{
    private const string Heading = "workload,metric,unit,system,round,value";
    private const string Remark = "# ";

    private readonly List<Measurement> _measurements = [];

    public IReadOnlyList<Measurement> Measurements => _measurements;

    /// <summary>What a reader must know: what was not measured, and why; what was not warm.</summary>
    public List<string> Remarks { get; } = [];

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
        File.WriteAllLines(path, [Heading, .. Remarks.Select(remark => $"{Remark}{remark}"), .. _measurements.Select(Line)]);
    }

    /// <exception cref="FormatException">A line is none of ours.</exception>
    public static Book Read(string path)
    {
        var book = new Book();
        foreach (var line in File.ReadLines(path).Skip(1))
        {
            if (line.StartsWith(Remark, StringComparison.Ordinal))
            {
                book.Remarks.Add(line[Remark.Length..]);
                continue;
            }

            book.Add(MeasurementIn(line) ?? throw new FormatException($"{path}: '{line}' does not have the fields {Heading}."));
        }

        return book;
    }

    /// <summary>The numbers of each round, in their order.</summary>
    public double[] Of(Series series) => [.. In(series).Select(measurement => measurement.Value)];

    /// <summary>The median over the rounds; null if it was not measured.</summary>
    public double? Median(Series series) => Statistics.Median(Of(series));

    /// <summary>The ratio of two numbers of the same round, over the rounds; null if they were not both measured.</summary>
    public Ratio? Ratio(Series of, Series to)
    {
        var others = In(to).ToDictionary(measurement => measurement.Round, measurement => measurement.Value);
        return Report.Ratio.Of([.. In(of).Where(measurement => others.ContainsKey(measurement.Round))
            .Select(measurement => measurement.Value / others[measurement.Round])]);
    }

    private IEnumerable<Measurement> In(Series series) => _measurements.Where(measurement =>
        measurement.Workload == series.Workload && measurement.Metric == series.Metric && measurement.System == series.System);

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
