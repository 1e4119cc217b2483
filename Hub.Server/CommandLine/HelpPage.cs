using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace RealtimeHub.CommandLine;

/// <summary>The library's help, and what it has no place for: configuration, examples and exit codes.</summary>
internal sealed class HelpPage(HelpAction inner) : SynchronousCommandLineAction
{
    private const int Width = 80;

    public override bool ClearsParseErrors => true;

    /// <summary>Puts the page in the place of the library's, for the root and all commands below it.</summary>
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
            """);
        return ExitCode.Done;
    }

    /// <summary>A command's own, or one of each below it.</summary>
    private static IEnumerable<string> ExamplesOf(Command command) =>
        command is HubCommand own ? own.Examples : command.Subcommands.Select(below => ExamplesOf(below).First());
}
