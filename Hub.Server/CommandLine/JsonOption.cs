using System.CommandLine;

namespace RealtimeHub.CommandLine;

/// <summary>Asks for an answer that programs read.</summary>
internal sealed class JsonOption : Option<bool>
{
    private const string Word = "--json";

    /// <param name="answer">What the answer looks like.</param>
    public JsonOption(string answer)
        : base(Word) => Description = $$$"""Answer with {{{answer}}}, or {"error":{"code","detail"}}.""";

    public static bool IsGiven(ParseResult parsed) => parsed.GetValue<bool>(Word);

    /// <summary>The same for a command line that could not be understood.</summary>
    public static bool StandsIn(string[] args) => args.Contains(Word);
}
