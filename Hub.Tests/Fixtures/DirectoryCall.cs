using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>A call to the directory that waits for the test.</summary>
internal sealed record DirectoryCall(string What, Address Address)
{
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Answered => _answered.Task;

    public void Go() => _answered.SetResult();

    public void Fail(Exception failure) => _answered.SetException(failure);
}
