using System.Globalization;

namespace RealtimeHub.Tests.Clients;

/// <summary>
/// Clients that tests run as a program: of other packages than their own, or so many that they need a process for themselves.
/// </summary>
internal static class Program
{
    private const string Usage = "stock URL negotiate|skip, or silent URL COUNT";

    public static Task Main(string[] arguments) => arguments switch
    {
        ["stock", var url, var way and ("negotiate" or "skip")] => new StockClient(new Uri(url), skipsNegotiation: way == "skip").RunAsync(),
        ["silent", var url, var count] => SilentCrowd.RunAsync(new Uri(url), int.Parse(count, CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException(Usage, nameof(arguments)),
    };
}
