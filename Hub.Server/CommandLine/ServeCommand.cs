using RealtimeHub.Operations;

namespace RealtimeHub.CommandLine;

/// <summary>Runs the server until it is asked to stop.</summary>
internal sealed partial class ServeCommand : HubCommand
{
    private readonly Func<string[], WebApplication> _build;
    private readonly Action<WebApplication> _map;

    public ServeCommand(Func<string[], WebApplication> build, Action<WebApplication> map)
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
        try
        {
            await using var server = _build(configuration);
            _map(server);
            foreach (var unknown in UnknownSettings.In(server.Services))
            {
                Log.UnknownSetting(server.Logger, unknown);
            }

            await server.RunAsync();
            return ExitCode.Done;
        }
        catch (Exception thrown) when (ConfigurationReport.MistakesIn(thrown) is { } mistakes)
        {
            await Console.Error.WriteLineAsync(ConfigurationReport.Of(mistakes));
            return ExitCode.Refused;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Sentence}", EventName = "UnknownSetting")]
        public static partial void UnknownSetting(ILogger logger, string sentence);
    }
}
