using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Operations;

namespace RealtimeHub.Tests.Operations;

/// <summary>What may happen any number of times a second.</summary>
public sealed class LogSummaryTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LogSummary _summary;
    private readonly List<string> _lines = [];

    public LogSummaryTests() => _summary = new LogSummary(_time);

    [Fact]
    public void The_first_is_told_at_once()
    {
        Report("alice");

        _lines.Should().Equal("1: alice");
    }

    [Fact]
    public void While_it_goes_on_a_line_a_second_tells_how_many_there_were()
    {
        Report(Enumerable.Repeat("alice", 1_000));
        Pass(seconds: 1);
        Report(Enumerable.Repeat("bob", 20));
        Pass(seconds: 1);

        _lines.Should().Equal("1: alice", "999: alice", "20: bob");
    }

    [Fact]
    public void After_a_second_without_any_the_next_is_told_at_once_again()
    {
        Report("alice", "alice");
        Pass(seconds: 2);
        Report("bob");

        _lines.Should().Equal("1: alice", "1: alice", "1: bob");
    }

    [Fact]
    public void Nothing_is_told_of_a_second_in_which_nothing_happened()
    {
        Report("alice");
        Pass(seconds: 60);

        _lines.Should().Equal("1: alice");
    }

    [Fact]
    public void A_line_names_ten_however_many_there_were_and_no_name_is_long()
    {
        Report("first");
        Report(Enumerable.Range(0, 100_000).Select(number => $"{number} {new string('x', 1_000)}"));
        Pass(seconds: 1);

        _lines[1].Should().StartWith("100000: 0 xxx").And.Contain("…, 9 xxx").And.EndWith("… and others").And.HaveLength("100000: ".Length + (10 * 301) + (9 * 2) + " and others".Length);
    }

    [Fact]
    public void What_happens_under_another_name_has_a_line_of_its_own()
    {
        Report("alice");
        _summary.Report("another", "alice", (count, subjects) => _lines.Add($"another {count}: {subjects}"));

        _lines.Should().Equal("1: alice", "another 1: alice");
    }

    [Fact]
    public void What_is_untold_when_the_process_ends_is_told_then()
    {
        Report("alice", "bob", "carol");

        _summary.Dispose();
        Pass(seconds: 5);

        _lines.Should().Equal("1: alice", "2: bob, carol");
    }

    [Fact]
    public void A_line_about_many_requests_belongs_to_none_of_them()
    {
        string? during = "nothing was told";
        using (new Activity("a request").Start())
        {
            Report("alice");
            _summary.Report("seen", "", (_, _) => { });
            _summary.Report("seen", "", (_, _) => during = Activity.Current?.OperationName);
        }

        Pass(seconds: 1);

        during.Should().BeNull();
    }

    [Fact]
    public void None_is_lost_when_they_come_from_all_sides_at_once()
    {
        long told = 0;

        Parallel.For(0, 100_000, number =>
        {
            _summary.Report("storm", $"{number % 3}", (count, _) => Interlocked.Add(ref told, count));
            if (number % 1_000 == 0)
            {
                Pass(seconds: 1);
            }
        });
        _summary.Dispose();

        told.Should().Be(100_000);
    }

    private void Report(params IEnumerable<string> subjects)
    {
        foreach (var subject in subjects)
        {
            _summary.Report("event", subject, (count, all) => _lines.Add($"{count}: {all}"));
        }
    }

    // Second by second: a timer that is set again while the fake clock jumps counts from where the jump ends.
    private void Pass(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
