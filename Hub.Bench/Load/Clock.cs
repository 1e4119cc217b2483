using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RealtimeHub.Bench.Load;

/// <summary>Time as the bench measures it: stopwatch ticks of this process, and the CPU time of others.</summary>
internal static partial class Clock
{
    private const int SchedulerClock = 2;

    public static long Now => Stopwatch.GetTimestamp();

    public static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    public static long MicrosecondsSince(long start) => (Now - start) * 1_000_000 / Stopwatch.Frequency;

    /// <summary>
    /// CPU time that a process has used, user and kernel, in microseconds, by the scheduler's own clock (clock_getcpuclockid(3)).
    /// </summary>
    public static double CpuMicroseconds(int processId)
    {
        var clock = (~processId << 3) | SchedulerClock;
        return GetTime(clock, out var time) == 0
            ? (time.Seconds * 1e6) + (time.Nanoseconds / 1e3)
            : throw new InvalidOperationException($"Process {processId} has ended.");
    }

    /// <summary>
    /// Blocks the calling thread for this long, give or take some ten microseconds; a timer of the runtime counts in milliseconds.
    /// </summary>
    public static void Rest(TimeSpan time) =>
        _ = Sleep(new Time(time.Ticks / TimeSpan.TicksPerSecond, time.Ticks % TimeSpan.TicksPerSecond * 100), 0);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Time time);

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int Sleep(in Time time, nint remaining);

    private readonly record struct Time(long Seconds, long Nanoseconds);
}
