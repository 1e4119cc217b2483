using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using RealtimeHub.Client;
using RealtimeHub.Client.Connecting;
using RealtimeHub.Client.Handling;
using RealtimeHub.Client.Joining;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Client;

public sealed class JoinedGroupsTests
{
    private readonly CountedTime _time = new();
    private readonly ConcurrentQueue<string> _calls = new();
    private readonly JoinedGroups _groups;
    private Func<Task> _answer = () => Task.CompletedTask;

    public JoinedGroupsTests() => _groups = new JoinedGroups(
        new ReconnectPolicy(new RetryOptions(), () => 1).Delay, new HandlerErrors(NullLogger.Instance), _time, NullLogger.Instance);

    private GroupCalls Calls => new((group, _) => CallAsync(group), (group, _) => CallAsync($"-{group}"));

    [Fact]
    public async Task No_more_than_forty_calls_are_made_in_a_second()
    {
        var joining = JoinMany(100);
        var following = FollowAsync();

        await WaitsAfterAsync(40);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        (_calls.Count, _time.Timers).Should().Be((40, 1));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await WaitsAfterAsync(80);
        _time.Advance(TimeSpan.FromSeconds(1));

        await Task.WhenAll(joining, following).WaitAsync(TimeSpan.FromSeconds(30));
        _calls.Should().HaveCount(100).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task No_more_than_five_calls_wait_for_their_answers_at_once()
    {
        var answer = new TaskCompletionSource();
        _answer = () => answer.Task;
        var joining = JoinMany(12);

        var following = FollowAsync();
        _calls.Should().HaveCount(5);

        answer.SetResult();
        await Task.WhenAll(joining, following).WaitAsync(TimeSpan.FromSeconds(30));
        _calls.Should().HaveCount(12);
    }

    [Fact]
    public async Task Where_a_call_has_failed_nobody_knows_so_that_what_is_left_then_is_left_by_a_call()
    {
        _answer = () => throw new TimeoutException();
        var joining = _groups.JoinAsync("room-7", CancellationToken.None);
        var membership = _groups.Follow(Calls);
        await _groups.Awaiting(groups => groups.RunAsync(membership, CancellationToken.None)).Should().ThrowAsync<TimeoutException>();
        _answer = () => Task.CompletedTask;

        var leaving = _groups.LeaveAsync("room-7", CancellationToken.None);
        leaving.IsCompleted.Should().BeFalse();
        _ = _groups.RunAsync(membership, CancellationToken.None);

        await leaving;
        await _groups.Awaiting(_ => joining).Should().ThrowAsync<GroupException>();
        _calls.Should().Equal("room-7", "-room-7");
    }

    /// <summary>Returns when a connection is in the groups.</summary>
    private Task FollowAsync()
    {
        var membership = _groups.Follow(Calls);
        _ = _groups.RunAsync(membership, CancellationToken.None);
        return membership.Joined;
    }

    private Task JoinMany(int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(number => _groups.JoinAsync($"room-{number}", CancellationToken.None)));

    /// <summary>Returns when the client waits for time to pass, and has made so many calls.</summary>
    private Task WaitsAfterAsync(int calls) => Eventually.HoldsAsync(() => Task.FromResult((_calls.Count, _time.Timers) == (calls, 1)));

    private Task CallAsync(string call)
    {
        _calls.Enqueue(call);
        return _answer();
    }
}
