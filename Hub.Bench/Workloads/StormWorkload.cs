using RealtimeHub.Bench.Load;
using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Systems;

namespace RealtimeHub.Bench.Workloads;

/// <summary>
/// Everybody comes at once, as after an outage. A user is reachable when a push arrives: each is pushed a live-only message the moment its
/// client takes itself for connected, and, while none has arrived, one more every second.
/// </summary>
internal sealed class StormWorkload(string name, Sizes sizes) : Workload(name)
{
    public const string RateMetric = "users reachable";
    public const string LostMetric = "first pushes lost";

    private const double ArrivalsPerSecond = 5_000;
    private const int InFlight = 64;
    private const int MostAttempts = 30;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    public override async Task RunAsync(Cluster cluster, Recorder record)
    {
        var ledger = new Ledger();
        var reached = new long[sizes.Storm];
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = sizes.Storm;
        ledger.Delivered = (client, _) =>
        {
            if (Interlocked.CompareExchange(ref reached[client.Index], Clock.Now, 0) == 0 && Interlocked.Decrement(ref left) == 0)
            {
                all.TrySetResult();
            }
        };
        await using var swarm = new Swarm(cluster.System, Visitor.Many(sizes.Storm), ledger);
        await using var backend = await Backend.OpenAsync(cluster.Ports, InFlight);
        await cluster.QuietAsync();
        ledger.Begin(sizes.Storm * MostAttempts);
        var cost = new Cost(cluster);
        var start = Clock.Now;
        await swarm.ArriveAsync(cluster, ArrivalsPerSecond, client => _ = PushAsync(client, ledger, backend, all.Task));
        await all.Task.WaitAsync(BetweenAttempts * MostAttempts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Record(record, start, reached, Enumerable.Range(0, sizes.Storm).Count(index => !ledger.IsDelivered(index)));
        await cost.RecordAsync(record, "a user, connect and pushes", sizes.Storm);
    }

    private async Task PushAsync(LoadClient client, Ledger ledger, Backend backend, Task all)
    {
        for (var number = client.Index; number < sizes.Storm * MostAttempts && !ledger.IsAnyDelivered(client.Index, sizes.Storm)
            && !all.IsCompleted; number += sizes.Storm)
        {
            ledger.Due(number, client.Due);
            backend.Post(Requests.ToUser(client.User, number, transient: true));
            await Task.WhenAny(all, Task.Delay(BetweenAttempts, TimeProvider.System));
        }
    }

    /// <remarks>The rate is that of 99 in a hundred: the last one is chance.</remarks>
    private void Record(Recorder record, long start, long[] reached, int lost)
    {
        var times =
            reached.Where(time => time > 0).Select(time => (time - start) / (double)Clock.Ticks(TimeSpan.FromSeconds(1))).Order().ToArray();
        var most = (int)(sizes.Storm * 0.99);
        record.Add(RateMetric, "/s", times.Length < most ? double.NaN : most / times[most - 1]);
        record.Add(LostMetric, "%", 100.0 * lost / sizes.Storm);
        record.Add("users never reached", "", sizes.Storm - times.Length);
    }
}
