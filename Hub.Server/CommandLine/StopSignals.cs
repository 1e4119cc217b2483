using System.Runtime.InteropServices;

namespace RealtimeHub.CommandLine;

/// <summary>Hears from its first moment that the process shall stop. The host listens only once it is built, and what came before would end the process by force.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals() => _registrations =
        [.. ((PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT]).Select(signal => PosixSignalRegistration.Create(signal, Hear))];

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
