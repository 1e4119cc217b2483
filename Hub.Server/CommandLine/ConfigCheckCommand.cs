using System.CommandLine;
using RealtimeHub.CommandLine.ConfigCheck;

namespace RealtimeHub.CommandLine;

/// <summary>Tells what is wrong or unsafe in the configuration, before a server runs with it.</summary>
internal sealed class ConfigCheckCommand : HubCommand
{
    private readonly Func<string[], Action<IServiceCollection>, WebApplication> _build;

    public ConfigCheckCommand(Func<string[], Action<IServiceCollection>, WebApplication> build)
        : base("check", "Checks the configuration as the server does at its start, without starting it, and warns of what is unsafe.", [
            "Hub.Server config check --environment Production",
            "Hub.Server config check --json",
        ])
    {
        _build = build;
        Add(new JsonOption("""{"errors":[],"warnings":[]}"""));
        ConfigurationArguments.AddTo(this, anyKey: false);
        SetAction(async (parsed, _) => await (await CheckAsync(parsed)).WriteAsync(JsonOption.IsGiven(parsed)));
    }

    private async Task<Outcome> CheckAsync(ParseResult parsed)
    {
        try
        {
            // Not disposed, since the process ends now: while Redis does not answer, closing the connection would take long.
            var server = _build(ConfigurationArguments.QuietlyOf(parsed), RedisCommand.ConnectOnce);
            var tried = new TriedAddresses(server.Configuration);
            var redis = await RedisCheck.AskAsync(server.Services);
            return Report(
                [.. ListeningAddresses.Mistakes(server.Configuration), .. tried.Mistakes, .. redis.Errors],
                [.. tried.Warnings, .. UnsafeSettings.In(server.Services), .. UnknownSettings.In(server.Services), .. redis.Warnings]);
        }
        catch (Exception thrown) when (ConfigurationReport.MistakesIn(thrown) is { } mistakes)
        {
            return Report(mistakes, []);
        }
    }

    private static Outcome Report(IReadOnlyList<string> errors, IReadOnlyList<string> warnings) => new(
        errors.Count > 0 ? CommandLine.ExitCode.Refused : CommandLine.ExitCode.Done,
        string.Join('\n', errors.Select(error => $"error: {error}")
            .Concat(warnings.Select(warning => $"warning: {warning}"))
            .DefaultIfEmpty("The configuration is in order.")),
        new { errors, warnings })
    {
        IsResult = true,
    };
}
