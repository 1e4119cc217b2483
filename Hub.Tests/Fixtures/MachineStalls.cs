namespace RealtimeHub.Tests.Fixtures;

/// <summary>
/// How long this machine has left this process without a processor, or its garbage collector has stopped it. What a test measures here, it
/// cannot blame the hub for.
/// </summary>
internal sealed class MachineStalls : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _end = new();
    private readonly Task _watching;

    public MachineStalls() => _watching = WatchAsync();

    /// <summary>The longest of them.</summary>
    public TimeSpan Longest { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var begun = TimeProvider.System.GetTimestamp();
            await Task.Delay(Step, TimeProvider.System);
            var stall = TimeProvider.System.GetElapsedTime(begun) - Step;
            Longest = stall > Longest ? stall : Longest;
        }
    }
}
