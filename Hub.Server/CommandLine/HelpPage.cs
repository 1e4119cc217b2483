using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace RealtimeHub.CommandLine;

/// <summary>Adds configuration, examples and exit codes to the library's help, which has no place for them.</summary>
internal sealed class HelpPage(HelpAction inner) : SynchronousCommandLineAction
{
    private const int Width = 80;

    public override bool ClearsParseErrors => true;

    /// <summary>Replaces the library's help of the root command and of all commands below it.</summary>
    public static void AddTo(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpPage((HelpAction)help.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        inner.MaxWidth = Width;
        inner.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine($"""
            Configuration:
              Comes from appsettings.json, the environment and the command line, such as
              --Redis:Connection localhost:6379. All settings: a running hub has
              them at /docs/operations.md, as in http://localhost:5080/docs/operations.md.

            Examples:
              {string.Join("\n  ", ExamplesOf(parseResult.CommandResult.Command))}

            Exit codes:
              0  Done.
              1  The configuration has mistakes, or a rule forbids what was asked for.
              2  The command line makes no sense.
              3  Redis does not answer.
              4  A node that was asked does not answer.
              5  The hub does not answer.
            """);
        return ExitCode.Done;
    }

    /// <summary>The examples of a command; if it has none, one of each command below it.</summary>
    private static IEnumerable<string> ExamplesOf(Command command) =>
        command is HubCommand own ? own.Examples : command.Subcommands.Select(below => ExamplesOf(below).First());
}
