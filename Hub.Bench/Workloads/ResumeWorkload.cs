using RealtimeHub.Bench.Load;
using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Systems;

namespace RealtimeHub.Bench.Workloads;

/// <summary>
/// A node dies with all its clients. While they are away each user is published a message; then all come back to another node, and while
/// they do each is published one more.
/// </summary>
internal sealed class ResumeWorkload(string name, Sizes sizes) : Workload(name)
{
    private const int AtOnce = 64;
    private const int InFlight = 32;
    private const double ArrivalsPerSecond = 3_000;
    private const double MessagesPerSecond = 750;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    /// <summary>Whether they come back by the secrets of their connections, and no token is minted.</summary>
    public bool IsBySecret { get; init; }

    public override bool Fits(SystemUnderTest system) => IsBySecret ? system is PushHubSystem : base.Fits(system);

    public override async Task RunAsync(Cluster cluster, Recorder record)
    {
        var ledger = new Ledger { KeepsCursors = true };
        await using var swarm = new Swarm(cluster.System, Visitor.Many(sizes.Resumes), ledger) { ComesBackBySecret = IsBySecret };
        await swarm.ConnectAsync(cluster, AtOnce);
        ledger.Begin(sizes.Resumes);
        await PublishAllAsync(cluster, ledger);
        await ledger.CompleteAsync(Deadline);
        await cluster.AddNodeAsync();
        await WarmUpAsync(cluster);
        cluster.KillFirst();
        await swarm.ClosedAsync();
        swarm.ReplaceClosed();

        ledger.Begin(2 * sizes.Resumes);
        await PublishAllAsync(cluster, ledger);
        await cluster.QuietAsync();
        await ComeBackAsync(cluster, swarm, record);
    }

    /// <summary>The node that takes over has been at work before, as it would have been.</summary>
    private async Task WarmUpAsync(Cluster cluster)
    {
        var visitors = Visitor.Many(sizes.Resumes / 4);
        for (var time = 0; time < 2; time++)
        {
            await using var swarm = new Swarm(cluster.System, visitors, new Ledger());
            await swarm.ConnectToAsync(cluster.Nodes[^1], cluster, AtOnce);
        }
    }

    private async Task ComeBackAsync(Cluster cluster, Swarm swarm, Recorder record)
    {
        var ledger = swarm.Ledger;
        var commands = await cluster.RedisCommandsAsync();
        var start = Clock.Now;
        ledger.MoveDue(sizes.Resumes, start);
        var missed = new long[sizes.Resumes];
        ledger.Delivered = (client, number) => missed[client.Index] = number < sizes.Resumes
            ? Clock.MicrosecondsSince(start)
            : missed[client.Index];
        await using var backend = await Backend.OpenAsync(cluster.Ports, InFlight);
        var publishing = Metronome.RunAsync(MessagesPerSecond, sizes.Resumes, (index, due) =>
        {
            ledger.Due(sizes.Resumes + index, due);
            backend.Post(Requests.ToUser(swarm.Clients[index].User, sizes.Resumes + index));
        });
        await swarm.ArriveAsync(cluster, ArrivalsPerSecond, _ => { });
        await publishing;
        await backend.FinishAsync();
        await ledger.CompleteAsync(Deadline);
        record.Add("all back", "s", Clock.MicrosecondsSince(start) / 1e6);
        record.Add("until 99 % have what they missed", "s", Statistics.SecondsUntil99Percent(missed));
        record.Add("Redis commands a client, its message and those of scripts included", "", (double)(await cluster.RedisCommandsAsync() - commands) / sizes.Resumes);
        record.Add("messages lost", "", ledger.Lost);
        record.Add("came live and by resume as well; clients drop the second", "", ledger.Duplicates);
        record.Add("clients told of a loss", "", ledger.Unrecovered);
        record.Add("attempts that failed, and were made again", "", swarm.Failures);
    }

    private async Task PublishAllAsync(Cluster cluster, Ledger ledger)
    {
        await using var backend = await Backend.OpenAsync(cluster.Ports, InFlight);
        for (var index = 0; index < sizes.Resumes; index++)
        {
            ledger.Due(index, Clock.Now);
            backend.Post(Requests.ToUser($"user{index}", index));
        }

        await backend.FinishAsync();
    }
}
