using System.Diagnostics;
using System.Globalization;

namespace RealtimeHub.CommandLine.Probe;

/// <summary>How long messages took that a command has published, by their numbers. Safe to use from several threads.</summary>
internal sealed class Latencies(int count)
{
    private readonly long[] _begun = new long[count];
    private readonly double[] _taken = new double[count];
    private readonly TaskCompletionSource[] _come = [.. Enumerable.Range(0, count)
        .Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];

    /// <summary>A message is about to be published.</summary>
    public void Begin(int number) => Volatile.Write(ref _begun[number], Stopwatch.GetTimestamp());

    /// <summary>A message has come. One that was not published here is passed over.</summary>
    public void Come(int number)
    {
        if (number >= 0 && number < count && !_come[number].Task.IsCompleted)
        {
            _taken[number] = Stopwatch.GetElapsedTime(_begun[number]).TotalMilliseconds;
            _come[number].TrySetResult();
        }
    }

    /// <summary>Waits for a message, in milliseconds; null if it has not come in time.</summary>
    public async Task<double?> OfAsync(int number, TimeSpan limit)
    {
        await _come[number].Task.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _come[number].Task.IsCompleted ? _taken[number] : null;
    }

    /// <summary>Waits for all of them.</summary>
    public Task AllAsync(TimeSpan limit) => Task.WhenAll(_come.Select(come => come.Task)).WaitAsync(limit)
        .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>What has come until now.</summary>
    public LatencySummary Sum()
    {
        double[] taken = [.. _taken.Where((_, number) => _come[number].Task.IsCompleted).Order()];
        return new LatencySummary(count, count - taken.Length, At(taken, 0), At(taken, 0.5), At(taken, 0.99), At(taken, 1));
    }

    /// <summary>A time as it is shown.</summary>
    public static string Text(double? milliseconds) =>
        milliseconds is { } time ? string.Create(CultureInfo.InvariantCulture, $"{time:0.00} ms") : "-";

    private static double? At(double[] sorted, double share) =>
        sorted.Length == 0 ? null : Math.Round(sorted[(int)Math.Round((sorted.Length - 1) * share)], 3);
}
