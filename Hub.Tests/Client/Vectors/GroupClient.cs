using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging.Abstractions;
using RealtimeHub.Client;
using RealtimeHub.Client.Connecting;
using RealtimeHub.Client.Handling;
using RealtimeHub.Client.Joining;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Client.Vectors;

/// <summary>A client that joins and leaves groups on connections that come and go: what it has called, and what has come of it.</summary>
internal sealed class GroupClient
{
    private readonly CountedTime _time = new();
    private readonly ConcurrentQueue<string> _calls = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _unanswered = new();
    private readonly List<Task<string>> _said = [];
    private readonly List<Task<bool>> _opened = [];
    private readonly ConcurrentQueue<object> _told = new();
    private readonly HashSet<string> _named = [];
    private readonly JoinedGroups _groups;
    private CancellationTokenSource _over = new();
    private Task _following = Task.CompletedTask;
    private Membership _membership = null!;

    private GroupClient()
    {
        var errors = new HandlerErrors(NullLogger.Instance);
        errors.Add(error =>
        {
            _told.Enqueue(new { ((GroupException)error).Group, ((GroupException)error).Code });
            return Task.CompletedTask;
        });
        _groups = new JoinedGroups(new ReconnectPolicy(new RetryOptions(), () => 1).Delay, errors, _time, NullLogger.Instance);
    }

    public static async Task<object?> RunAsync(JsonElement input)
    {
        var client = new GroupClient();
        foreach (var happening in input.EnumerateArray().SelectMany(entry => entry.EnumerateObject()))
        {
            await client.ObserveAsync(happening.Name, happening.Value);
        }

        return await client.OutcomeAsync();
    }

    private Task ObserveAsync(string what, JsonElement value) => what switch
    {
        "join" => SayAsync(_groups.JoinAsync(Named(value), CancellationToken.None)),
        "leave" => SayAsync(_groups.LeaveAsync(Named(value), CancellationToken.None)),
        "opens" => OpenAsync(),
        "called" => MadeAsync(value.GetString()!),
        "answers" => AnswerAsync(value),
        "afterMs" => PassAsync(TimeSpan.FromMilliseconds(value.GetInt32())),
        "renewed" => DoAsync(_groups.Renewed),
        "drops" => DropAsync(),
        "stops" => DoAsync(() => _groups.End(new StoppedException())),
        _ => throw new ArgumentException($"No client knows what to do with '{what}'."),
    };

    /// <summary>Whatever else is due is called before a group that is joined last.</summary>
    private async Task<object> OutcomeAsync()
    {
        var calls = await CallsAsync();
        var wanted = _named.Where(group => _groups.IsWanted($"group:{group}"));
        return new
        {
            Calls = calls,
            Said = await Task.WhenAll(_said).WaitAsync(TimeSpan.FromSeconds(30)),
            Opened = await Task.WhenAll(_opened).WaitAsync(TimeSpan.FromSeconds(30)),
            Told = _told.ToArray(),
            Wanted = wanted.ToArray(),
        };
    }

    private async Task<string[]> CallsAsync()
    {
        if (!_over.IsCancellationRequested)
        {
            var last = _groups.JoinAsync("last", CancellationToken.None);
            await MadeAsync("Join last");
            _unanswered.Keys.Should().Equal(["Join last"], "everything else was answered");
            _unanswered["Join last"].SetResult();
            await last;
            await DropAsync();
        }

        return [.. _calls.Where(call => call != "Join last")];
    }

    private string Named(JsonElement group)
    {
        _named.Add(group.GetString()!);
        return group.GetString()!;
    }

    private Task SayAsync(Task said) => DoAsync(() => _said.Add(CodeOfAsync(said)));

    private static async Task<string> CodeOfAsync(Task said)
    {
        try
        {
            await said;
            return "done";
        }
        catch (PushException error)
        {
            return error.Code;
        }
    }

    private async Task OpenAsync()
    {
        await DropAsync();
        _over = new CancellationTokenSource();
        _calls.Enqueue("open");
        _membership = _groups.Follow(new GroupCalls(
            (group, over) => CallAsync("Join", group, over), (group, over) => CallAsync("Leave", group, over)));
        _following = FollowAsync(_membership, _over.Token);
        _opened.Add(HasOpenedAsync(_membership, _following));
    }

    private static async Task<bool> HasOpenedAsync(Membership membership, Task following) =>
        await Task.WhenAny(membership.Joined, following) == membership.Joined;

    private async Task FollowAsync(Membership membership, CancellationToken over)
    {
        try
        {
            await _groups.RunAsync(membership, over);
        }
        catch (Exception failure) when (failure is HubException or OperationCanceledException)
        {
            // It has not opened, or is over.
        }
    }

    private async Task DropAsync()
    {
        await _over.CancelAsync();
        await _following;
        _groups.Unfollow();
        _unanswered.Clear();
    }

    private async Task CallAsync(string method, string group, CancellationToken over)
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _unanswered[$"{method} {group}"] = answer;
        _calls.Enqueue($"{method} {group}");
        try
        {
            await answer.Task.WaitAsync(over);
        }
        catch (HubException refusal) when (GroupException.IsFinal(refusal))
        {
            throw GroupException.Of(group, refusal);
        }
    }

    private async Task AnswerAsync(JsonElement answers)
    {
        foreach (var answer in answers.EnumerateObject())
        {
            await MadeAsync(answer.Name);
            _unanswered.TryRemove(answer.Name, out var call);
            if (answer.Value.GetString() is { } code)
            {
                call!.SetException(new HubException($"An unexpected error occurred invoking the method. HubException: {code}: As scripted."));
            }
            else
            {
                call!.SetResult();
            }
        }

        await NotedAsync();
    }

    /// <summary>Returns when the client has taken note of the answers: it waits for others, for a time to pass, or for nothing.</summary>
    private Task NotedAsync() => Eventually.HoldsAsync(() => Task.FromResult(
        !_unanswered.IsEmpty || _time.Timers > 0 || _following.IsCompleted || !_groups.IsBehind(_membership)));

    private Task MadeAsync(string call) => Eventually.HoldsAsync(() => Task.FromResult(_unanswered.ContainsKey(call)));

    /// <summary>Returns when the client has noticed: it waits for nothing else.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        await Eventually.HoldsAsync(() => Task.FromResult(_time.Timers > 0));
        _time.Advance(time);
    }

    private static Task DoAsync(Action act)
    {
        act();
        return Task.CompletedTask;
    }
}
