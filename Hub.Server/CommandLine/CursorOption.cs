using System.CommandLine;

namespace RealtimeHub.CommandLine;

/// <summary>The option <c>--cursor</c>: where a page of users begins.</summary>
internal sealed class CursorOption : Option<string>
{
    public CursorOption()
        : base("--cursor") => (Description, HelpName) = ("Where to go on: next of the list before.", "next");
}
