using System.CommandLine;
using System.Diagnostics;
using RealtimeHub.CommandLine.Probe;

namespace RealtimeHub.CommandLine;

/// <summary>Puts a hub under load, as far as one process can, and says what it has borne.</summary>
internal sealed class BenchCommand : ApiCommand
{
    private const int ConnectingAtOnce = 16;
    private const int PublishingAtOnce = 64;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly CountOption _connections = new("--connections", "How many connections, each of a user of its own", usual: 100, most: 10_000);
    private readonly CountOption _rate = new("--rate", "How many messages a second", usual: 100, most: 10_000);
    private readonly CountOption _seconds = new("--seconds", "For how many seconds", usual: 10, most: 3_600);

    public BenchCommand()
        : base(
            "bench", "Puts a hub under load: connects, publishes at a fixed rate, and says how long the messages took. Not for a hub that others use. The key needs the scopes mint and publish.",
            """{"connections","connectSeconds","messages","lost","minimum","median","p99","maximum"} in milliseconds""", [
                "Hub.Server bench",
                "Hub.Server bench --connections 1000 --rate 2000 --seconds 30 --json",
            ])
    {
        Add(_connections);
        Add(_rate);
        Add(_seconds);
    }

    /// <returns>1 if a message was lost.</returns>
    protected override async Task<Outcome> AskAsync(ParseResult parsed, HubApi hub)
    {
        var (connections, rate, seconds) = (parsed.GetValue(_connections), parsed.GetValue(_rate), parsed.GetValue(_seconds));
        var (latencies, run, begun) = (new Latencies(rate * seconds), Guid.NewGuid().ToString("N"), Stopwatch.GetTimestamp());
        var clients = new List<ProbeClient>(connections);
        try
        {
            foreach (var some in Enumerable.Range(0, connections).Chunk(ConnectingAtOnce))
            {
                clients.AddRange(await Task.WhenAll(some.Select(number => hub.ConnectAsync(UserOf(number), payload =>
                {
                    if (payload.GetProperty("run").ValueEquals(run))
                    {
                        latencies.Come(payload.GetProperty("number").GetInt32());
                    }
                }))));
            }

            var connectSeconds = Math.Round(Stopwatch.GetElapsedTime(begun).TotalSeconds, 3);
            await PublishAsync(hub, run, latencies, connections, rate, rate * seconds);
            await latencies.AllAsync(Deadline);
            return OutcomeOf(connections, connectSeconds, latencies.Sum());
        }
        finally
        {
            await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
        }
    }

    /// <summary>Each is due at a time of its own, and its latency counts from then, however long those before it take.</summary>
    private static async Task PublishAsync(HubApi hub, string run, Latencies latencies, int connections, int rate, int count)
    {
        using var room = new SemaphoreSlim(PublishingAtOnce);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var (start, publishing, next) = (Stopwatch.GetTimestamp(), new List<Task>(count), 0);
        while (next < count && await pace.WaitForNextTickAsync())
        {
            for (var due = Math.Min(count, (int)(Stopwatch.GetElapsedTime(start).TotalSeconds * rate)); next < due; next++)
            {
                publishing.Add(PublishAsync(next));
            }
        }

        await Task.WhenAll(publishing);

        async Task PublishAsync(int number)
        {
            latencies.Begin(number);
            await room.WaitAsync();
            try
            {
                await hub.PublishAsync(UserOf(number % connections), new { run, number });
            }
            finally
            {
                room.Release();
            }
        }
    }

    private static Outcome OutcomeOf(int connections, double connectSeconds, LatencySummary sum) => new(
        sum.Lost == 0 ? CommandLine.ExitCode.Done : CommandLine.ExitCode.Refused,
        FormattableString.Invariant($"{connections} connections in {connectSeconds} s; {sum}"),
        new { connections, connectSeconds, sum.Messages, sum.Lost, sum.Minimum, sum.Median, sum.P99, sum.Maximum })
    {
        IsResult = true,
    };

    private static string UserOf(int number) => FormattableString.Invariant($"realtimehub bench {number}");
}
