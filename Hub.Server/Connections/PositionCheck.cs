using RealtimeHub.Delivery;
using RealtimeHub.Routing;

namespace RealtimeHub.Connections;

/// <summary>
/// Looks at the head of each address of which nothing came for forty seconds, give or take a quarter, so that a dead subscription cannot
/// hide a message; and of all of them within three seconds after they were marked stale. Connections that are behind are told of the head.
/// </summary>
internal sealed partial class PositionCheck(
    ConnectionRegistry registry, FanOut fanOut, ConnectionAttachment attachment, Departures departures, TimeProvider time,
    ILogger<PositionCheck> logger)
    : IDisposable
{
    private const int AtOnce = 256;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AfterMarking = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private Task _checking = Task.CompletedTask;

    /// <summary>Looks at the head of <c>everyone</c>, which is here from the beginning, and then goes on looking.</summary>
    public async Task StartAsync()
    {
        await CheckAsync(registry.Everyone);
        _checking = KeepCheckingAsync();
    }

    /// <summary>Begins nothing more, and waits for what is under way.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _checking;
    }

    public void Dispose() => _stopping.Dispose();

    /// <summary>Makes every address due, spread over time, so that clients that are behind do not resume all at once.</summary>
    public void MarkStale()
    {
        var now = time.GetUtcNow();
        foreach (var local in registry.Addresses)
        {
            local.MarkStale(now, AfterMarking);
        }
    }

    private async Task KeepCheckingAsync()
    {
        using var timer = new PeriodicTimer(Tick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                await CheckDueAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task CheckDueAsync()
    {
        var now = time.GetUtcNow();
        foreach (var due in registry.Checks.TakeDue(now).Chunk(AtOnce))
        {
            Array.ForEach(due, fanOut.Release);
            await Task.WhenAll((await FindChangedAsync(due)).Select(CheckAsync));
            _stopping.Token.ThrowIfCancellationRequested();
        }

        await departures.DetachGoneAsync();
    }

    /// <remarks>What cannot be looked at together is looked at one by one, so that one does not end the looking at the others.</remarks>
    private async Task<IReadOnlyList<LocalAddress>> FindChangedAsync(LocalAddress[] due)
    {
        try
        {
            return await attachment.FindChangedAsync(due);
        }
        catch (Exception failure)
        {
            Log.LookFailed(logger, due.Length, failure.Message);
            return due;
        }
    }

    private async Task CheckAsync(LocalAddress local)
    {
        try
        {
            await attachment.CheckAsync(local);
        }
        catch (Exception failure)
        {
            // Away, or somebody has put something else under our key: neither may end the looking at the others, or at all.
            Log.CheckFailed(logger, local.Address, failure.Message);
            local.MarkStale(time.GetUtcNow() + AfterFailure, TimeSpan.Zero);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Could not look at the head of {Address} ({Reason}). Trying again.", EventName = "CheckFailed")]
        public static partial void CheckFailed(ILogger logger, Address address, string reason);

        [LoggerMessage(2, LogLevel.Debug, "Could not look at {Count} addresses together ({Reason}). Looking at each.", EventName = "LookFailed")]
        public static partial void LookFailed(ILogger logger, int count, string reason);
    }
}
