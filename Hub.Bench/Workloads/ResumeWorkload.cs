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

    /// <summary>What they come back by; for all but <see cref="ReturnBy.Token"/> it is our hub alone that is measured.</summary>
    public ReturnBy By { get; init; }

    public override bool Fits(SystemUnderTest system) => By == ReturnBy.Token ? base.Fits(system) : system is PushHubSystem;

    public override async Task RunAsync(Cluster cluster, Recorder record)
    {
        using var webApp = By == ReturnBy.TokenOfWebApp ? await WebApp.StartAsync(cluster.RedisAddress) : null;
        await RunAsync(cluster, webApp, record);
    }

    private async Task RunAsync(Cluster cluster, WebApp? webApp, Recorder record)
    {
        var ledger = new Ledger { KeepsCursors = true };
        await using var swarm = await GatherAsync(cluster, Visitor.Many(sizes.Resumes), ledger, webApp);
        await swarm.ConnectAsync(cluster, AtOnce);
        ledger.Begin(sizes.Resumes);
        await PublishAllAsync(cluster, swarm);
        await ledger.CompleteAsync(Deadline);
        await cluster.AddNodeAsync();
        await WarmUpAsync(cluster, webApp, record);
        cluster.KillFirst();
        await swarm.ClosedAsync();
        swarm.ReplaceClosed();

        ledger.Begin(2 * sizes.Resumes);
        await PublishAllAsync(cluster, swarm);
        await cluster.QuietAsync();
        await ComeBackAsync(cluster, swarm, webApp, record);
    }

    /// <summary>
    /// The node that takes over has been at work before, as it would have been: others come back to it, as those that count will, until its
    /// runtime compiles next to nothing any more.
    /// </summary>
    private async Task WarmUpAsync(Cluster cluster, WebApp? webApp, Recorder record)
    {
        var warmUp = new WarmUp(TimeProvider.System, sizes.LongestWarmUp);
        var left = await warmUp.RunAsync(() => ComeBackEarlyAsync(cluster, webApp), CompiledAsync);
        record.Add("methods that it still compiled a second when its warm-up was over", "", left ?? 0);

        async Task<long?> CompiledAsync() =>
            await cluster.CompiledMethodsAsync() + (webApp is null ? 0 : await webApp.CompiledMethodsAsync());
    }

    private async Task ComeBackEarlyAsync(Cluster cluster, WebApp? webApp)
    {
        var (node, ledger) = (cluster.Nodes[^1], new Ledger { KeepsCursors = true });
        Visitor[] visitors = [.. Visitor.Many(sizes.Resumes / 4).Select(visitor => visitor with { Name = $"early-{visitor.Name}" })];
        await using var swarm = await GatherAsync(cluster, visitors, ledger, webApp);
        await swarm.ConnectToAsync(node, cluster, AtOnce);
        swarm.CloseAll();
        await swarm.ClosedAsync();
        swarm.ReplaceClosed();
        ledger.Begin(visitors.Length);
        await PublishAllAsync(cluster, swarm);
        await swarm.ArriveAsync(cluster.Redis, _ => node.Port, ArrivalsPerSecond, _ => { });
        await ledger.CompleteAsync(Deadline);
    }

    private async Task ComeBackAsync(Cluster cluster, Swarm swarm, WebApp? webApp, Recorder record)
    {
        var ledger = swarm.Ledger;
        var (server, redis, app, commands) = (cluster.ServerCpu, cluster.RedisCpu, webApp?.Cpu, await cluster.RedisCommandsAsync());
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
        record.Add("server CPU a client, its message included", "µs", (cluster.ServerCpu - server) / sizes.Resumes);
        if (webApp?.Cpu - app is { } used)
        {
            record.Add("web app's CPU a client", "µs", used / sizes.Resumes);
        }

        record.Add("Redis CPU a client, its message included", "µs", (cluster.RedisCpu - redis) / sizes.Resumes);
        record.Add("Redis commands a client, its message and those of scripts included", "", (double)(await cluster.RedisCommandsAsync() - commands) / sizes.Resumes);
        record.Add("messages lost", "", ledger.Lost);
        record.Add("came live and by resume as well; clients drop the second", "", ledger.Duplicates);
        record.Add("clients told of a loss", "", ledger.Unrecovered);
        record.Add("attempts that failed, and were made again", "", swarm.Failures);
    }

    private async Task<Swarm> GatherAsync(Cluster cluster, Visitor[] visitors, Ledger ledger, WebApp? webApp)
    {
        await (webApp?.SignInAsync(visitors) ?? Task.CompletedTask);
        return new Swarm(cluster.System, visitors, ledger) { ComesBackBySecret = By == ReturnBy.Secret, WebApp = webApp };
    }

    private static async Task PublishAllAsync(Cluster cluster, Swarm swarm)
    {
        await using var backend = await Backend.OpenAsync(cluster.Ports, InFlight);
        foreach (var client in swarm.Clients)
        {
            swarm.Ledger.Due(client.Index, Clock.Now);
            backend.Post(Requests.ToUser(client.User, client.Index));
        }

        await backend.FinishAsync();
    }
}
