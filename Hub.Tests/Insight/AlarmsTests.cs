using RealtimeHub.Insight.Load;
using RealtimeHub.Presence;

namespace RealtimeHub.Tests.Insight;

/// <summary>What an operator is told to look at.</summary>
public sealed class AlarmsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private static readonly NodeStatus Well = new() { Id = "well", Answers = true };

    [Fact]
    public void Of_nodes_that_do_as_they_should_there_is_nothing_to_say() =>
        In([Well], counts: [("refusals token_spent", 29), ("ends too_slow", 14), ("ends send_timeout", 15), ("ends banned", 1_000), ("connects opened", 90)])
            .Should().BeEmpty();

    [Fact]
    public void A_Redis_that_is_away_is_the_first_to_look_at() =>
        In([new NodeStatus { Id = "deaf", Answers = false }], isStoreAway: true).Select(alarm => alarm.Text[..5]).Should().Equal("Redis", "Node ");

    [Fact]
    public void A_node_that_does_not_answer_and_one_that_is_drained_are_named() =>
        In([Well, new NodeStatus { Id = "deaf", Answers = false }, new NodeStatus { Id = "full", Answers = true, Draining = true }])
            .Select(alarm => (alarm.Severity, alarm.Text.Split(' ')[1])).Should().Equal(("critical", "deaf"), ("warning", "full"));

    [Fact]
    public void A_way_on_which_nothing_comes_is_named_from_end_to_end() =>
        In([Well], latencies: new() { ["well"] = 0.001, ["deaf"] = null })
            .Should().Equal(Alarm.Critical("No message comes from node well to the clients of node deaf."));

    [Theory]
    [InlineData("refusals store_unavailable", 1, "critical")]
    [InlineData("messages store_unavailable", 1, "critical")]
    [InlineData("messages failed", 1, "critical")]
    [InlineData("resumes lost", 1, "warning")]
    [InlineData("refusals token_spent", 30, "warning")]
    [InlineData("refusals token_unknown", 30, "warning")]
    [InlineData("ends too_slow", 30, "warning")]
    [InlineData("ends send_timeout", 30, "warning")]
    public void What_happens_too_often_within_a_minute_is_said(string name, int count, string severity) =>
        In([Well], counts: [(name, count)]).Should().ContainSingle().Which.Severity.Should().Be(severity);

    [Fact]
    public void What_happened_more_than_a_minute_ago_is_over() => Alarms.In(
        [Well], [],
        [
            new LoadDelta(Now.AddMinutes(-1), new Dictionary<string, long> { ["messages failed"] = 7 }),
            new LoadDelta(Now, new Dictionary<string, long>()),
        ],
        isStoreAway: false).Should().BeEmpty();

    private static Alarm[] In(
        NodeStatus[] nodes, bool isStoreAway = false, Dictionary<string, double?>? latencies = null,
        params (string Name, long Count)[] counts) =>
    [
        .. Alarms.In(
            nodes,
            [
                new NodeLoad
                {
                    Node = "well",
                    Since = Now,
                    Connections = 0,
                    Waiting = 0,
                    Counts = new Dictionary<string, long>(),
                    Latencies = latencies,
                    Slow = [],
                },
            ],
            [new LoadDelta(Now, counts.ToDictionary(count => count.Name, count => count.Count))],
            isStoreAway),
    ];
}
