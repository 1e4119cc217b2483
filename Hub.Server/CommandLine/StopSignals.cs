using System.Runtime.InteropServices;

namespace RealtimeHub.CommandLine;

/// <summary>
/// Handles SIGTERM and similar signals from the first moment of the process. The host handles them only once it is built; a signal before
/// that would kill the process.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals() => _registrations =
        [.. ((PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT]).Select(
            signal => PosixSignalRegistration.Create(signal, Hear))];

    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Hear(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _stop.Cancel();
    }
}
