using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Tokens;

public sealed class SharedWaitTests
{
    private readonly List<TaskCompletionSource<int>> _asked = [];
    private readonly SemaphoreSlim _isAsked = new(0);
    private readonly SharedWait<int> _wait;

    public SharedWaitTests() => _wait = new SharedWait<int>(() =>
    {
        _asked.Add(new TaskCompletionSource<int>());
        _isAsked.Release();
        return _asked[^1].Task;
    });

    [Fact]
    public async Task Who_comes_while_a_question_is_under_way_shares_the_next_and_not_that_one()
    {
        var first = _wait.AskAsync();
        await _isAsked.WaitAsync();
        var (second, third) = (_wait.AskAsync(), _wait.AskAsync());

        _asked[0].SetResult(1);
        await _isAsked.WaitAsync();
        _asked[1].SetResult(2);

        (await first).Should().Be(1);
        (await Task.WhenAll(second, third)).Should().Equal(2, 2);
        _asked.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_question_that_failed_fails_for_those_who_asked_it_and_no_other()
    {
        var first = _wait.AskAsync();
        await _isAsked.WaitAsync();
        var second = _wait.AskAsync();

        _asked[0].SetException(new TimeoutException());
        await _isAsked.WaitAsync();
        _asked[1].SetResult(2);

        await first.Awaiting(answer => answer).Should().ThrowAsync<TimeoutException>();
        (await second).Should().Be(2);
    }
}
