using System.CommandLine;
using System.CommandLine.Parsing;
using RealtimeHub.CommandLine.ConfigCheck;

namespace RealtimeHub.CommandLine;

/// <summary>
/// The parts of a command line that are configuration, in every form that ASP.NET Core reads: <c>--Redis:Connection x</c>,
/// <c>--Redis:Connection=x</c>, <c>/Urls x</c>.
/// </summary>
/// <remarks>
/// ASP.NET Core silently skips what it does not understand. Here that is a mistake, so that a misspelled command never starts a server.
/// </remarks>
internal sealed class ConfigurationArguments : Argument<string[]>
{
    private static readonly string[] HostKeys =
        ["urls", "http_ports", "https_ports", "environment", "contentRoot", "webroot", "applicationName", "AllowedHosts", "PathBase"];

    /// <summary>Settings of commands, which the command line can override: they log only warnings, and not to standard output.</summary>
    private static readonly string[] QuietLogging =
    [
        "--Logging:Console:LogToStandardErrorThreshold=Trace", "--Logging:LogLevel:Default=Warning",

        // The commands themselves say when Redis is away.
        "--Logging:LogLevel:RealtimeHub.Redis.RedisConnection=None",
    ];

    private ConfigurationArguments()
        : base("configuration")
    {
        Arity = ArgumentArity.ZeroOrMore;

        // Hidden here, since the help has a section about it for all commands.
        Hidden = true;
    }

    /// <summary>Lets a command take configuration.</summary>
    /// <param name="command">The command.</param>
    /// <param name="anyKey">
    /// Whether a key may have any name. Otherwise it must be a setting of the host or contain a section, so that a misspelled option is not
    /// taken for a setting.
    /// </param>
    public static void AddTo(Command command, bool anyKey)
    {
        command.Add(new ConfigurationArguments());
        command.Validators.Add(result =>
        {
            if (Mistake(WordsOf(result), command, anyKey) is { } mistake)
            {
                result.AddError(mistake);
            }
        });
    }

    /// <summary>The configuration of the whole command line, including the part before the command.</summary>
    public static string[] Of(ParseResult parsed) => [.. WordsOf(parsed.CommandResult)];

    /// <summary>The same for a command that writes only its result to standard output.</summary>
    public static string[] QuietlyOf(ParseResult parsed) => [.. QuietLogging, .. Of(parsed)];

    private static List<string> WordsOf(SymbolResult? result) =>
        result is not CommandResult command ? [] : [.. WordsOf(command.Parent), .. command.Children.SelectMany(WordsIn)];

    private static IEnumerable<string> WordsIn(SymbolResult child) =>
        child is ArgumentResult { Argument: ConfigurationArguments } ? child.Tokens.Select(token => token.Value) : [];

    private static string? Mistake(List<string> words, Command command, bool anyKey)
    {
        for (var index = 0; index < words.Count; index++)
        {
            var word = words[index];
            if (!IsSetting(word) && !(anyKey && IsMarked(word)))
            {
                return Unknown(word.Split('=')[0], command);
            }

            if (!word.Contains('=', StringComparison.Ordinal) && ++index == words.Count)
            {
                return $"'{word}' has no value.{SpellingSuggestion.Question(word, NamesIn(command))}";
            }
        }

        return null;
    }

    private static bool IsMarked(string word) => word.StartsWith("--", StringComparison.Ordinal) || word.StartsWith('/');

    /// <summary>Whether the key of a word shows that it must be a setting.</summary>
    private static bool IsSetting(string word)
    {
        var key = word.Split('=')[0];
        var name = key.TrimStart('-', '/');
        return (IsMarked(key) || (word.Length > key.Length && !key.StartsWith('-')))
            && (name.Contains(':', StringComparison.Ordinal) || HostKeys.Contains(name, StringComparer.OrdinalIgnoreCase));
    }

    private static string Unknown(string word, Command command)
    {
        var what = word.StartsWith('-') ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        return $"There is no {what} '{word}'.{SpellingSuggestion.Question(word, NamesIn(command))}";
    }

    private static IEnumerable<string> NamesIn(Command command) =>
        command.Subcommands.Select(below => below.Name).Concat(command.Options.Select(option => option.Name)).Append("--help");
}
