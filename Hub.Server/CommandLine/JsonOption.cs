using System.CommandLine;

namespace RealtimeHub.CommandLine;

/// <summary>The option <c>--json</c>, for an answer that programs can read.</summary>
internal sealed class JsonOption : Option<bool>
{
    private const string Word = "--json";

    /// <param name="answer">An example of the answer.</param>
    public JsonOption(string answer)
        : base(Word) => Description = $$$"""Answer with {{{answer}}}, or {"error":{"code","detail"}}.""";

    public static bool IsGiven(ParseResult parsed) => parsed.GetValue<bool>(Word);

    /// <summary>Whether a command line that could not be understood has the option.</summary>
    public static bool StandsIn(string[] args) => args.Contains(Word);
}
