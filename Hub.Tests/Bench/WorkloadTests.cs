using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Systems;
using RealtimeHub.Bench.Workloads;

namespace RealtimeHub.Tests.Bench;

/// <summary>Workloads that a quick run leaves out or that nothing else would show to be wrong, with a handful of clients.</summary>
public sealed class WorkloadTests
{
    private static readonly Sizes Small = new()
    {
        Users = 10,
        Messages = 20,
        Idle = 10,
        IdleTime = TimeSpan.FromMilliseconds(100),
        LongestWarmUp = TimeSpan.Zero,
        Crowd = 20,
        Deadline = TimeSpan.FromSeconds(2),
    };

    private readonly Book _book = new();

    [Fact]
    public async Task When_a_node_of_a_crowd_is_killed_its_clients_come_back_with_a_token_each_and_have_what_they_missed()
    {
        await RunAsync(new PushHubSystem(), new Crowd("Crowd", Small), nodes: 2);

        Of("clients").Should().Be(20);
        Of(Crowd.BackMetric).Should().BePositive();
        Of(Crowd.LostMetric).Should().Be(0);
        Of(Crowd.TokensMetric).Should().Be(1);
    }

    /// <summary>Two floors know nothing of each other: what is published on one reaches nobody on the other.</summary>
    [Fact]
    public async Task From_another_node_is_from_another_node()
    {
        await RunAsync(new FloorSystem(), new SendWorkload("Send", SendKind.Ordinary, Small) { IsRemote = true }, nodes: 2);

        Of("lost").Should().Be(Small.Messages);
    }

    [Fact]
    public async Task From_another_node_stock_SignalR_reaches_everybody_over_HTTP_and_in_process()
    {
        using var cluster = await Cluster.StartAsync(new SignalRSystem(), nodes: 2);
        foreach (var workload in (Workload[])[
            new SendWorkload("Send", SendKind.Ordinary, Small) { IsRemote = true },
            new InProcessSendWorkload("In process", SendKind.Ordinary, Small) { IsRemote = true }])
        {
            await workload.RunAsync(cluster, new Recorder(_book, workload.Name, cluster.System.Name, round: 1));
        }

        _book.Measurements.Where(measurement => measurement.Metric == "lost").Should().HaveCount(2)
            .And.OnlyContain(measurement => measurement.Value == 0);
    }

    [Fact]
    public async Task Of_a_fresh_node_it_is_told_when_it_was_ready_and_when_all_could_be_reached()
    {
        await RunAsync(new FloorSystem(), new FreshNode("Fresh node", users: 10));

        Of(FreshNode.ReadyMetric).Should().BePositive();
        Of("server CPU until ready").Should().BePositive();
        Of("until all are reachable").Should().BePositive();
        Of("users never reached").Should().Be(0);
    }

    [Fact]
    public async Task Of_idle_users_it_is_told_what_they_cost_and_that_they_are_still_there()
    {
        await RunAsync(new FloorSystem(), new IdleCpu("Idle users", Small));

        Of("server CPU").Should().BeInRange(0, 200);
        Of("clients gone").Should().Be(0);
    }

    private async Task RunAsync(SystemUnderTest system, Workload workload, int nodes = 1)
    {
        using var cluster = await Cluster.StartAsync(system, nodes);
        await workload.RunAsync(cluster, new Recorder(_book, workload.Name, system.Name, round: 1));
    }

    private double Of(string metric) => _book.Measurements.Single(measurement => measurement.Metric == metric).Value;
}
