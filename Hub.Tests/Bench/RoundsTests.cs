using RealtimeHub.Bench;
using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Workloads;

namespace RealtimeHub.Tests.Bench;

public sealed class RoundsTests
{
    private static readonly Workload Send = new SendWorkload(Stages.Send, SendKind.Ordinary, new Sizes());
    private static readonly Workload Batch = new SendWorkload(Stages.SendBatch, SendKind.Batch, new Sizes());
    private static readonly Workload Connect = new ConnectWorkload(Stages.Connect, new Sizes());
    private static readonly Workload[] All = [Connect, Send, Batch];

    private readonly Rounds _rounds = new(least: 3, most: 20);
    private readonly Book _book = new();

    [Fact]
    public void There_are_so_many_rounds_in_any_case() =>
        _rounds.Next(All, _book, done: 2).Should().Equal(All.Select(workload => new Turn(workload)));

    [Fact]
    public void Once_ratios_are_known_there_are_no_more()
    {
        Add(Stages.Connect, ConnectWorkload.CpuMetric, "RealtimeHub", 80, 81, 80);
        Add(Stages.Connect, ConnectWorkload.CpuMetric, "SignalR", 100, 100, 100);

        Next(3).Should().BeEmpty();
    }

    [Fact]
    public void Only_that_whose_ratio_is_not_known_yet_is_done_again_and_not_forever()
    {
        AddWide(Stages.Connect, ConnectWorkload.CpuMetric);
        Add(Stages.Send, SendWorkload.CpuMetric, "RealtimeHub", 80, 81, 80);
        Add(Stages.Send, SendWorkload.CpuMetric, "SignalR", 100, 100, 100);

        Next(3).Should().Equal(Connect);
        Next(19).Should().Equal(Connect);
        Next(20).Should().BeEmpty();
    }

    [Fact]
    public void A_ratio_of_two_workloads_takes_both()
    {
        Add(Stages.SendBatch, SendWorkload.CpuMetric, "RealtimeHub", 20, 30, 40);
        Add(Stages.Send, SendWorkload.CpuMetric, "SignalR", 100, 100, 100);

        Next(3).Should().Equal(Send, Batch);
    }

    [Fact]
    public void A_percentile_that_comes_to_no_rest_asks_for_nothing()
    {
        AddWide(Stages.Connect, "arrival to first message p99");

        Next(3).Should().BeEmpty();
    }

    [Fact]
    public void Once_there_were_rounds_enough_only_the_systems_of_a_ratio_that_is_not_known_go_on()
    {
        AddWide(Stages.Connect, ConnectWorkload.CpuMetric);
        Add(Stages.Connect, ConnectWorkload.CpuMetric, "Tornado", 100, 200, 400);

        _rounds.Next(All, _book, done: 3).Should().ContainSingle().Which.Systems.Should().BeEquivalentTo("RealtimeHub", "SignalR");
    }

    private IEnumerable<Workload> Next(int done) => _rounds.Next(All, _book, done).Select(turn => turn.Workload);

    private void AddWide(string workload, string metric)
    {
        Add(workload, metric, "RealtimeHub", 50, 100, 200);
        Add(workload, metric, "SignalR", 100, 100, 100);
    }

    private void Add(string workload, string metric, string system, params double[] rounds)
    {
        foreach (var (round, value) in rounds.Index())
        {
            _book.Add(new(workload, metric, "µs", system, round + 1, value));
        }
    }
}
