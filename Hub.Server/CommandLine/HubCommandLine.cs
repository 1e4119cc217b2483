using System.CommandLine;
using System.CommandLine.Invocation;

namespace RealtimeHub.CommandLine;

/// <summary>The command line. Without a command it starts the server.</summary>
internal static class HubCommandLine
{
    private static readonly ParserConfiguration Parsing = new()
    {
        // No response files: a value may begin with @, such as a password or a user.
        ResponseFileTokenReplacer = null,
        EnablePosixBundling = false,
    };

    private static readonly InvocationConfiguration Running = new()
    {
        // The server handles signals itself, to stop gracefully, and exceptions are told in a sentence of ours.
        ProcessTerminationTimeout = null,
        EnableDefaultExceptionHandler = false,
    };

    /// <summary>Runs the command, and returns its exit code.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="build">Builds the server from configuration arguments and with the services that a command adds. Every command uses its
    /// services.</param>
    /// <param name="map">Maps the endpoints of the server. Only called if it serves.</param>
    public static async Task<int> RunAsync(
        string[] args, Func<string[], Action<IServiceCollection>, WebApplication> build, Action<WebApplication> map)
    {
        var parsed = Root(build, map).Parse(args, Parsing);
        if (parsed.Action is ParseErrorAction)
        {
            return await Outcome.WrongUsage(Explain(parsed)).WriteAsync(JsonOption.StandsIn(args));
        }

        try
        {
            return await parsed.InvokeAsync(Running);
        }
        catch (Exception thrown) when (thrown is not HostAbortedException)
        {
            return await Outcome.Failed(ExitCode.Refused, "start", StartFault.Describe(thrown)).WriteAsync(JsonOption.StandsIn(args));
        }
    }

    private static RootCommand Root(Func<string[], Action<IServiceCollection>, WebApplication> build, Action<WebApplication> map)
    {
        var serve = new ServeCommand(build, map);
        var config = new Command("config", "What is configured.") { new ConfigCheckCommand(build) };
        var connections = new Command("connections", "Who is connected, and until when.")
        {
            new ListConnectionsCommand(build), new ShowConnectionsCommand(build), new EndConnectionsCommand(build),
            new RenewConnectionsCommand(build), new BanCommand(build), new UnbanCommand(build),
        };
        var root = new RootCommand("Push to a user in real time. Without a command it serves.")
        {
            serve, new TokenCommand(build), new PublishCommand(build), connections, config,
            new StatusCommand(), new NodesCommand(), new UsersCommand(), new UserCommand(), new ExplainCommand(),
            new FollowCommand(), new LatencyCommand(), new BenchCommand(),
        };
        root.Action = serve.Action;
        config.SetAction((_, _) => Outcome.WrongUsage("Say what to do with the configuration: config check.").WriteAsync(asJson: false));
        connections.SetAction((_, _) => Outcome.WrongUsage("Say what to do: connections list, show, end, renew, ban or unban.").WriteAsync(asJson: false));
        ConfigurationArguments.AddTo(root, anyKey: true);
        ConfigurationArguments.AddTo(connections, anyKey: true);
        ConfigurationArguments.AddTo(config, anyKey: true);
        HelpPage.AddTo(root);
        return root;
    }

    private static string Explain(ParseResult parsed)
    {
        var path = parsed.CommandResult.Command is RootCommand ? "" : string.Join(' ', NamesTo(parsed.CommandResult.Command)) + " ";
        return string.Join('\n', parsed.Errors.Select(error => error.Message).Append($"See: {RootCommand.ExecutableName} {path}--help"));
    }

    private static IEnumerable<string> NamesTo(Command command) =>
        command.Parents.OfType<Command>().Where(parent => parent is not RootCommand).SelectMany(NamesTo).Append(command.Name);
}
