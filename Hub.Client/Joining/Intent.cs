namespace RealtimeHub.Client.Joining;

/// <summary>What the application has said last of one group.</summary>
/// <param name="group">The name of the group.</param>
/// <param name="isWanted">Whether the client is to be in it.</param>
internal sealed class Intent(string group, bool isWanted)
{
    private TaskCompletionSource? _done;

    public string Group => group;

    public string Address { get; } = AddressOf(group);

    public bool IsWanted => isWanted;

    /// <summary>What those get who wait for it now.</summary>
    public Task Done => (_done ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public static string AddressOf(string group) => $"group:{group}";

    public bool IsAwaitedBy(Task done) => _done?.Task == done;

    /// <summary>It has come to pass.</summary>
    public void Complete() => Take()?.SetResult();

    /// <summary>The hub refuses it.</summary>
    /// <returns>Whether anybody waits for it.</returns>
    public bool Refuse(PushException error)
    {
        if (Take() is not { } done)
        {
            return false;
        }

        done.SetException(error);
        _ = AnswerTimeout.Observed(done.Task);
        return true;
    }

    /// <summary>The application itself wants it no more.</summary>
    public void Cancel(PushException error)
    {
        if (isWanted)
        {
            Refuse(error);
        }
        else
        {
            Complete();
        }
    }

    private TaskCompletionSource? Take()
    {
        var done = _done;
        _done = null;
        return done;
    }
}
