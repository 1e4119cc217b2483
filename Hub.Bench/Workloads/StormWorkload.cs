using RealtimeHub.Bench.Load;
using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Systems;

namespace RealtimeHub.Bench.Workloads;

/// <summary>
/// Everybody comes at once, as after an outage. A user is reachable when a push arrives: each is pushed a live-only message the moment its
/// client takes itself for connected, and, while none has arrived, one more every second.
/// </summary>
/// <param name="name">What it is called.</param>
/// <param name="users">How many come.</param>
internal sealed class StormWorkload(string name, int users) : Workload(name)
{
    public const string RateMetric = "users reachable";
    public const string LostMetric = "first pushes lost";
    public const string CpuMetric = $"server CPU {Each}";

    private const string Each = "a user, connect and pushes";
    private const double ArrivalsPerSecond = 5_000;
    private const int InFlight = 64;
    private const int MostAttempts = 30;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    public override string Measures => CpuMetric;

    public override async Task RunAsync(Cluster cluster, Recorder record)
    {
        var ledger = new Ledger();
        var reached = new long[users];
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = users;
        ledger.Delivered = (client, _) =>
        {
            if (Interlocked.CompareExchange(ref reached[client.Index], Clock.Now, 0) == 0 && Interlocked.Decrement(ref left) == 0)
            {
                all.TrySetResult();
            }
        };
        await using var swarm = new Swarm(cluster.System, Visitor.Many(users), ledger);
        await using var backend = await Backend.OpenAsync(cluster.Ports, InFlight);
        await cluster.QuietAsync();
        ledger.Begin(users * MostAttempts);
        var cost = new Cost(cluster);
        var start = Clock.Now;
        await swarm.ArriveAsync(cluster, ArrivalsPerSecond, client => _ = PushAsync(client, ledger, backend, all.Task));
        await all.Task.WaitAsync(BetweenAttempts * MostAttempts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Record(record, start, reached, Enumerable.Range(0, users).Count(index => !ledger.IsDelivered(index)));
        await cost.RecordAsync(record, Each, users);
    }

    private async Task PushAsync(LoadClient client, Ledger ledger, Backend backend, Task all)
    {
        for (var number = client.Index; number < users * MostAttempts && !ledger.IsAnyDelivered(client.Index, users)
            && !all.IsCompleted; number += users)
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
        var most = (int)(users * 0.99);
        record.Add(RateMetric, "/s", times.Length < most ? double.NaN : most / times[most - 1]);
        record.Add(LostMetric, "%", 100.0 * lost / users);
        record.Add("until all are reachable", "s", times.Length < users ? double.NaN : times[^1]);
        record.Add("users never reached", "", users - times.Length);
    }
}
