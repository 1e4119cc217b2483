using System.Runtime;
using System.Runtime.InteropServices;

/// <summary>
/// Runs in every .NET server that is measured, before its Main (dotnet/runtime, docs/design/features/host-startup-hook.md), and answers on
/// the standard error: SIGUSR2 collects all garbage and gives the memory back, so that what is left is what is in use, and says how
/// many bytes that is without what is pinned, which is Kestrel's pool of buffers and shrinks in its own time; SIGUSR1 asks how
/// many methods were compiled so far (the meter System.Runtime, dotnet.jit.compiled_methods). The runtime asks for this name, outside of
/// any namespace.
/// </summary>
internal static class StartupHook
{
    private const PosixSignal User1 = (PosixSignal)10;
    private const PosixSignal User2 = (PosixSignal)12;

    // After the generations 0 to 2 and the heap of large objects.
    private const int PinnedHeap = 4;

    private static PosixSignalRegistration[] _registrations = [];

    public static void Initialize() =>
        _registrations = [PosixSignalRegistration.Create(User1, Count), PosixSignalRegistration.Create(User2, Collect)];

    // What the meter of that name reads.
    private static void Count(PosixSignalContext signal)
    {
        signal.Cancel = true;
        Console.Error.WriteLine($"methods compiled: {JitInfo.GetCompiledMethodCount()}");
    }

    private static void Collect(PosixSignalContext signal)
    {
        // The signal's own effect would be the end of the process.
        signal.Cancel = true;
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var pinned = GC.GetGCMemoryInfo(GCKind.Any).GenerationInfo[PinnedHeap].SizeAfterBytes;
        Console.Error.WriteLine($"garbage collected: {GC.GetTotalMemory(forceFullCollection: false) - pinned} bytes in use");
    }
}
