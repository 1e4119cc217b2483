using System.Runtime;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace RealtimeHub.Insight;

/// <summary>Exercises the node before it is ready, so that its first users do not wait while .NET compiles what they ask for.</summary>
/// <remarks>
/// .NET compiles a method that is called often a second time, better, and does so when a tenth of a second has brought nothing new. So
/// there is a pause after each round. The node is warm when round after round nothing is left to compile. That is counted and not timed,
/// because it holds on a busy machine as well.
/// </remarks>
internal sealed partial class Warmup(
    Canary canary, CanaryKey key, IOptions<WarmupOptions> options, IOptions<KestrelServerOptions> kestrel,
    IHostApplicationLifetime lifetime, TimeProvider time, ILogger<Warmup> logger)
    : IHostedService
{
    private const int VisitorsAtOnce = 8;
    private const int VisitsInARow = 4;

    /// <summary>So many quiet rounds in a row, each with fewer methods compiled than this, and the node is warm.</summary>
    private const int QuietRounds = 6;
    private const int FewMethods = 10;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromMilliseconds(120);
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestLeaving = TimeSpan.FromSeconds(3);

    private readonly TaskCompletionSource _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _fault = "The node is warming up.";

    /// <summary>Ends with the first attempt, whether it has succeeded or not.</summary>
    public Task FirstAttempt => options.Value.Enabled ? _firstAttempt.Task : Task.CompletedTask;

    /// <summary>Why the node is not warm, in words; null when it is.</summary>
    public string? Fault => options.Value.Enabled ? _fault : null;

    /// <remarks>
    /// The callback that was registered last is called first: when the node stops, this must be before <c>ConnectionDrain</c>, which would
    /// send canaries away as if they were users.
    /// </remarks>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Enabled)
        {
            lifetime.ApplicationStarted.Register(Begin);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Begin()
    {
        var running = Task.Run(() => RunAsync(lifetime.ApplicationStopping));
        lifetime.ApplicationStopping.Register(() => running.Wait(LongestLeaving));
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested && !await TryAsync(stopping))
        {
            await Task.Delay(BetweenAttempts, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryAsync(CancellationToken stopping)
    {
        try
        {
            var (rounds, taken) = await ExerciseAsync(stopping);
            if (stopping.IsCancellationRequested)
            {
                return false;
            }

            Log.WarmedUp(logger, rounds, taken.TotalSeconds);
            _fault = null;
            key.Expire();
        }
        catch (Exception failure)
        {
            Report(failure);
        }

        _firstAttempt.TrySetResult();
        return _fault is null;
    }

    private async Task<(int Rounds, TimeSpan Taken)> ExerciseAsync(CancellationToken stopping)
    {
        var (started, rounds, quiet) = (time.GetTimestamp(), 0, 0);
        while (quiet < QuietRounds && time.GetElapsedTime(started) < Longest && !stopping.IsCancellationRequested)
        {
            var compiled = JitInfo.GetCompiledMethodCount();
            await RoundAsync(stopping);
            await Task.Delay(BetweenRounds, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            compiled = JitInfo.GetCompiledMethodCount() - compiled;
            quiet = compiled < FewMethods ? quiet + 1 : 0;
            Log.RoundEnded(logger, ++rounds, compiled);
        }

        return (rounds, time.GetElapsedTime(started));
    }

    /// <remarks>
    /// Half of what the node may have at once is enough: Kestrel still counts a connection for a moment when it has ended. Each visitor has
    /// one to the hub and one to the API.
    /// </remarks>
    private Task RoundAsync(CancellationToken stopping)
    {
        var limits = kestrel.Value.Limits;
        long?[] most = [VisitorsAtOnce, limits.MaxConcurrentConnections / 4, limits.MaxConcurrentUpgradedConnections / 2];
        return Task.WhenAll(Enumerable.Range(0, Math.Max(1, (int)most.Min()!)).Select(_ => VisitAsync(stopping)));
    }

    private async Task VisitAsync(CancellationToken stopping)
    {
        for (var visit = 0; visit < VisitsInARow && !stopping.IsCancellationRequested; visit++)
        {
            await canary.VisitAsync(negotiates: visit == 0);
        }
    }

    private void Report(Exception failure)
    {
        var fault = $"The warm-up has failed and is tried again: {CanaryFault.ReasonOf(failure)} Warmup:Enabled=false does without it.";
        if (fault != _fault)
        {
            Log.WarmupFailed(logger, fault);
        }

        _fault = fault;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The node has warmed up, in {Rounds} rounds and {Seconds:0.0} s.", EventName = "WarmedUp")]
        public static partial void WarmedUp(ILogger logger, int rounds, double seconds);

        [LoggerMessage(2, LogLevel.Warning, "The node is not ready. {Fault}", EventName = "WarmupFailed")]
        public static partial void WarmupFailed(ILogger logger, string fault);

        [LoggerMessage(3, LogLevel.Debug, "In round {Round} of the warm-up {Methods} methods were compiled.", EventName = "WarmupRound")]
        public static partial void RoundEnded(ILogger logger, int round, long methods);
    }
}
