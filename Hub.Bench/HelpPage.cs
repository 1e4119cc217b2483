using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace RealtimeHub.Bench;

/// <summary>The library's help in so many columns, wherever it goes; the library itself folds only what goes to a terminal.</summary>
internal sealed class HelpPage(HelpAction inner) : SynchronousCommandLineAction
{
    private const int Width = 100;

    public override bool ClearsParseErrors => true;

    /// <summary>Puts the page in the place of the library's, for the root and all commands below it.</summary>
    public static RootCommand AddTo(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpPage((HelpAction)help.Action!);
        return root;
    }

    public override int Invoke(ParseResult parseResult)
    {
        inner.MaxWidth = Width;
        return inner.Invoke(parseResult);
    }
}
