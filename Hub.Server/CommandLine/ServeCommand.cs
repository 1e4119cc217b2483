using RealtimeHub.CommandLine.ConfigCheck;
using RealtimeHub.Operations;
using RealtimeHub.Operations.Redaction;

namespace RealtimeHub.CommandLine;

/// <summary>Runs the server until it is asked to stop, which may happen while it starts.</summary>
internal sealed partial class ServeCommand : HubCommand
{
    private readonly Func<string[], Action<IServiceCollection>, WebApplication> _build;
    private readonly Action<WebApplication> _map;

    public ServeCommand(Func<string[], Action<IServiceCollection>, WebApplication> build, Action<WebApplication> map)
        : base("serve", "Starts the server. This is what happens without a command as well.", [
            "Hub.Server",
            "Hub.Server serve --urls http://localhost:5081",
            "Hub.Server serve --Redis:Connection localhost:6379 --environment Production",
        ])
    {
        (_build, _map) = (build, map);
        ConfigurationArguments.AddTo(this, anyKey: true);
        SetAction((parsed, _) => ServeAsync(ConfigurationArguments.Of(parsed)));
    }

    private async Task<int> ServeAsync(string[] configuration)
    {
        using var signals = new StopSignals();
        try
        {
            await using var server = _build(configuration, _ => { });
            if (ListeningAddresses.Mistakes(server.Configuration).ToList() is { Count: > 0 } mistakes)
            {
                return await RefuseAsync(mistakes);
            }

            return await RunAsync(server, signals.Token);
        }
        catch (Exception thrown) when (ConfigurationReport.MistakesIn(thrown) is { } mistakes)
        {
            return await RefuseAsync(mistakes);
        }
    }

    private async Task<int> RunAsync(WebApplication server, CancellationToken stop)
    {
        // The framework need not log why the server does not start: StartFault tells it, in a sentence.
        var loggers = server.Services.GetRequiredService<RedactingLoggerFactory>();
        (loggers.LeavesOutFailedStarts, loggers.FrameworkSummary) = (true, server.Services.GetRequiredService<LogSummary>());
        _map(server);
        foreach (var unknown in UnknownSettings.In(server.Services))
        {
            Log.UnknownSetting(server.Logger, unknown);
        }

        if (await StartAsync(server, stop))
        {
            await server.WaitForShutdownAsync(CancellationToken.None);
        }

        return ExitCode.Done;
    }

    /// <returns>False if it was asked to stop while it started: what failed in that time does not matter.</returns>
    private static async Task<bool> StartAsync(WebApplication server, CancellationToken stop)
    {
        try
        {
            await server.StartAsync(stop);
            return true;
        }
        catch (Exception) when (stop.IsCancellationRequested || server.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task<int> RefuseAsync(IReadOnlyList<string> mistakes)
    {
        await Console.Error.WriteLineAsync(ConfigurationReport.Of(mistakes));
        return ExitCode.Refused;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Sentence}", EventName = "UnknownSetting")]
        public static partial void UnknownSetting(ILogger logger, string sentence);
    }
}
