using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using RealtimeHub.CommandLine.Probe;

namespace RealtimeHub.CommandLine;

/// <summary>Measures how long a message takes from here through a hub and back, as <c>ping</c> does.</summary>
internal sealed class LatencyCommand : ApiCommand
{
    private const string User = "realtimehub latency";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private readonly CountOption _count = new("--count", "How many messages, a second apart", usual: 10, most: 3_600);

    public LatencyCommand()
        : base(
            "latency", "Measures how long a message takes: published from here over HTTP, and received here by a WebSocket. The key needs the scopes mint and publish.",
            """{"messages","lost","minimum","median","p99","maximum"} in milliseconds""", [
                "Hub.Server latency",
                "Hub.Server latency --url https://push.example --count 60 --json",
            ])
    {
        Add(_count);
    }

    /// <returns>1 if a message was lost.</returns>
    protected override async Task<Outcome> AskAsync(ParseResult parsed, HubApi hub)
    {
        var (count, asJson, run) = (parsed.GetValue(_count), JsonOption.IsGiven(parsed), Guid.NewGuid().ToString("N"));
        var latencies = new Latencies(count);
        await using var client = await hub.ConnectAsync(User, payload =>
        {
            if (payload.GetProperty("run").ValueEquals(run))
            {
                latencies.Come(payload.GetProperty("number").GetInt32());
            }
        });
        for (var number = 0; number < count; number++)
        {
            var begun = Stopwatch.GetTimestamp();
            latencies.Begin(number);
            await hub.PublishAsync(User, new { run, number });
            var (answered, taken) = (Stopwatch.GetElapsedTime(begun), await latencies.OfAsync(number, Deadline));
            if (!asJson)
            {
                await Console.Out.WriteLineAsync(Line(number, answered, taken));
            }

            if (number + 1 < count && Between - Stopwatch.GetElapsedTime(begun) is var left && left > TimeSpan.Zero)
            {
                await Task.Delay(left, TimeProvider.System);
            }
        }

        var sum = latencies.Sum();
        return new Outcome(sum.Lost == 0 ? CommandLine.ExitCode.Done : CommandLine.ExitCode.Refused, $"{sum}", sum) { IsResult = true };
    }

    private static string Line(int number, TimeSpan answered, double? taken) => string.Create(
        CultureInfo.InvariantCulture,
        $"{number + 1}\t{(taken is null ? "lost" : Latencies.Text(taken))}\tanswered after {Latencies.Text(answered.TotalMilliseconds)}");
}
