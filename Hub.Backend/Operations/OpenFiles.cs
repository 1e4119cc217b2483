using System.Globalization;

namespace RealtimeHub.Operations;

/// <summary>How many files, sockets among them, this process may have open.</summary>
internal static class OpenFiles
{
    private const string Limits = "/proc/self/limits";
    private const string Row = "Max open files";

    /// <summary>Files kept for everything else that the process has open: Redis, RabbitMQ, libraries, certificates, logs.</summary>
    private const int Reserve = 256;

    /// <summary>
    /// The limit; .NET raises it to the highest allowed value when it starts. Null if there is no limit, or if this is not Linux.
    /// </summary>
    public static long? Limit() => File.Exists(Limits) ? SoftLimitIn(File.ReadLines(Limits)) : null;

    /// <summary>
    /// A quarter of the files that connections may take. One is for those that have shown no token, three for those that have. Null if
    /// there is no limit.
    /// </summary>
    public static long? Quarter() => Limit() is { } files ? Math.Max(Reserve, files - Reserve) / 4 : null;

    internal static long? SoftLimitIn(IEnumerable<string> lines) =>
        lines.FirstOrDefault(line => line.StartsWith(Row, StringComparison.Ordinal)) is { } line
        && long.TryParse(line[Row.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? limit
            : null;
}
