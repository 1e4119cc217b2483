using RealtimeHub.Redis;

namespace RealtimeHub.Tests.Redis;

public sealed class GroupCommitTests
{
    private readonly GroupCommit _commits;
    private bool _isCluster;
    private readonly List<int> _sent = [];
    private readonly Dictionary<int, TaskCompletionSource<int>> _answers = [];

    public GroupCommitTests() => _commits = new(() => _isCluster);

    [Fact]
    public void On_a_cluster_nothing_waits_for_another_primary()
    {
        _isCluster = true;

        Ask(1, 2, 3, 4);

        _sent.Should().Equal(1, 2, 3, 4);
    }

    [Fact]
    public void The_first_two_go_out_at_once()
    {
        Ask(1, 2);

        _sent.Should().Equal(1, 2);
    }

    [Fact]
    public async Task What_comes_while_two_are_under_way_goes_out_together_and_in_its_order_when_one_is_answered()
    {
        Ask(1, 2, 3, 4, 5);
        _sent.Should().Equal(1, 2);

        await AnswerAsync(1, answer => answer.SetResult(1));

        _sent.Should().Equal(1, 2, 3, 4, 5);
    }

    [Fact]
    public async Task What_comes_after_a_group_has_gone_out_waits_for_the_next()
    {
        Ask(1, 2, 3, 4);
        await AnswerAsync(1, answer => answer.SetResult(1));
        Ask(5);

        await AnswerAsync(3, answer => answer.SetResult(3));
        _sent.Should().Equal([1, 2, 3, 4], "the group of 3 and 4 is over when its last is answered");
        await AnswerAsync(4, answer => answer.SetResult(4));

        _sent.Should().Equal(1, 2, 3, 4, 5);
    }

    [Fact]
    public async Task Each_gets_its_own_answer()
    {
        var asked = Ask(1, 2, 3, 4);
        foreach (var number in (int[])[1, 2, 3, 4])
        {
            await AnswerAsync(number, answer => answer.SetResult(number * 10));
        }

        (await Task.WhenAll(asked)).Should().Equal(10, 20, 30, 40);
    }

    [Fact]
    public async Task What_fails_is_told_to_who_asked_for_it_and_holds_up_nobody()
    {
        var asked = Ask(1, 2, 3, 4);
        await AnswerAsync(1, answer => answer.SetException(new TimeoutException()));
        await AnswerAsync(2, answer => answer.SetCanceled());
        await AnswerAsync(3, answer => answer.SetException(new TimeoutException()));
        await AnswerAsync(4, answer => answer.SetResult(4));

        await FluentActions.Awaiting(() => asked[2]).Should().ThrowAsync<TimeoutException>();
        (await asked[3]).Should().Be(4);
        Ask(5, 6);
        _sent.Should().Equal(1, 2, 3, 4, 5, 6);
    }

    [Fact]
    public async Task When_all_are_answered_the_next_two_go_out_at_once_again()
    {
        Ask(1, 2, 3);
        foreach (var number in (int[])[1, 2, 3])
        {
            await AnswerAsync(number, answer => answer.SetResult(number));
        }

        Ask(4, 5, 6);

        _sent.Should().Equal(1, 2, 3, 4, 5);
    }

    // Outside of the test's synchronization context, so that what follows from the answer has happened when this returns.
    private Task AnswerAsync(int number, Action<TaskCompletionSource<int>> answer) => Task.Run(() => answer(_answers[number]));

    private List<Task<int>> Ask(params int[] numbers) => [.. numbers.Select(number => _commits.SendAsync(() =>
    {
        _sent.Add(number);
        return (_answers[number] = new TaskCompletionSource<int>()).Task;
    }))];
}
