using RealtimeHub.Bench.Load;
using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Systems;

namespace RealtimeHub.Bench.Workloads;

/// <summary>
/// A backend sends to everyone, or to groups: as fast as eight calls in flight go, and then slowly, for the last client's latency.
/// </summary>
/// <param name="name">What it is called.</param>
/// <param name="groupSize">Members of a group; null for everyone.</param>
/// <param name="sizes">How much.</param>
internal sealed class ManyWorkload(string name, int? groupSize, Sizes sizes) : Workload(name)
{
    public const string CpuMetric = "server CPU a delivery";

    private const int InFlight = 8;
    private const int AtOnce = 64;
    private const double PerSecond = 20;

    private int Audience => groupSize ?? sizes.Users;

    private int Clients => Math.Max(Audience, sizes.Users);

    public override string Measures => CpuMetric;

    public override bool Fits(SystemUnderTest system) => base.Fits(system) && (groupSize is null || system.HasGroups);

    public override async Task RunAsync(Cluster cluster, Recorder record)
    {
        var ledger = new Ledger();
        await using var swarm =
            new Swarm(cluster.System, Visitor.Many(Clients, number => groupSize is null ? [] : [GroupOf(number)]), ledger);
        await swarm.ConnectAsync(cluster, AtOnce);
        await RunFastAsync(cluster, ledger, record);
        await RunSlowlyAsync(cluster, ledger, record);
    }

    private async Task RunFastAsync(Cluster cluster, Ledger ledger, Recorder record)
    {
        var messages = sizes.Deliveries / Audience;
        await using var backend = await Backend.OpenAsync(cluster.Ports, InFlight);
        await cluster.QuietAsync();
        ledger.Begin(messages, Audience);
        var cost = new Cost(cluster);
        var start = Clock.Now;
        for (var number = 0; number < messages; number++)
        {
            ledger.Due(number, start);
            backend.Post(RequestOf(number));
        }

        await backend.FinishAsync();
        await ledger.CompleteAsync(sizes.Deadline);
        record.Add("deliveries", "/s", ledger.Deliveries / (Clock.MicrosecondsSince(start) / 1e6));
        record.Add("messages not delivered to all", "", ledger.Lost);
        await cost.RecordAsync(record, "a delivery", (double)messages * Audience);
    }

    private async Task RunSlowlyAsync(Cluster cluster, Ledger ledger, Recorder record)
    {
        await using var backend = await Backend.OpenAsync(cluster.Ports, InFlight);
        ledger.Begin(sizes.Announcements, Audience);
        await Metronome.RunAsync(PerSecond, sizes.Announcements, (number, due) =>
        {
            ledger.Due(number, due);
            backend.Post(RequestOf(number));
        });
        await backend.FinishAsync();
        await ledger.CompleteAsync(sizes.Deadline);
        record.AddPercentiles("due to received by the last", ledger.Last, 50, 99);
    }

    private byte[] RequestOf(int number) =>
        groupSize is null ? Requests.ToEveryone(number) : Requests.ToGroup(GroupOf(number * groupSize.Value % Clients), number);

    private string GroupOf(int client) => $"group{client / groupSize}";
}
