using System.Runtime;
using System.Runtime.InteropServices;

/// <summary>
/// Runs in every .NET server that is measured, before its Main (dotnet/runtime, docs/design/features/host-startup-hook.md): SIGUSR2
/// collects all garbage, gives the memory back, so that what is left is what is in use, and says so on the standard error. The runtime asks
/// for this name, outside of any namespace.
/// </summary>
internal static class StartupHook
{
    private const PosixSignal User2 = (PosixSignal)12;

    private static PosixSignalRegistration? _registration;

    public static void Initialize() => _registration = PosixSignalRegistration.Create(User2, Collect);

    private static void Collect(PosixSignalContext signal)
    {
        // The signal's own effect would be the end of the process.
        signal.Cancel = true;
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Console.Error.WriteLine("garbage collected");
    }
}
