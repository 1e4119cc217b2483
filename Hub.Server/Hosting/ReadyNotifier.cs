using Microsoft.Extensions.Hosting.Systemd;
using RealtimeHub.Insight;

namespace RealtimeHub.Hosting;

/// <summary>Tells systemd that the node is ready only when the first attempt to warm it up is over; all else at once.</summary>
/// <remarks>
/// If that attempt fails, systemd is told nevertheless, because it would stop a service that waits for its Redis. Load balancers are told
/// by <c>/health/ready</c>.
/// </remarks>
internal sealed class ReadyNotifier(Warmup warmup, IHostApplicationLifetime lifetime) : ISystemdNotifier
{
    private static readonly string Ready = ServiceState.Ready.ToString();

    private readonly SystemdNotifier _systemd = new();

    public bool IsEnabled => _systemd.IsEnabled;

    public void Notify(ServiceState state)
    {
        if (state.ToString() == Ready && !warmup.FirstAttempt.IsCompleted)
        {
            _ = NotifyWhenWarmAsync();
        }
        else
        {
            _systemd.Notify(state);
        }
    }

    private async Task NotifyWhenWarmAsync()
    {
        await warmup.FirstAttempt;
        if (!lifetime.ApplicationStopping.IsCancellationRequested)
        {
            _systemd.Notify(ServiceState.Ready);
        }
    }
}
