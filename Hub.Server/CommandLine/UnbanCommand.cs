using System.CommandLine;
using RealtimeHub.Control;

namespace RealtimeHub.CommandLine;

/// <summary>Lifts the ban of a user.</summary>
internal sealed class UnbanCommand : ControlCommand
{
    private readonly Option<string> _user = new("--user") { Description = "Whose ban.", HelpName = "user", Required = true };

    public UnbanCommand(Func<string[], Action<IServiceCollection>, WebApplication> build)
        : base("unban", "Lifts the ban of a user. Who is not banned is no mistake.", build, ["Hub.Server connections unban --user mallory"])
    {
        Add(_user);
        Add(new JsonOption("""{"ended"}"""));
    }

    protected override string? MistakeIn(ParseResult parsed, TimeProvider time) => MistakeInName("user", parsed.GetRequiredValue(_user));

    protected override async Task<Outcome> ActAsync(ParseResult parsed, IConnectionControl control)
    {
        await control.UnbanAsync(parsed.GetRequiredValue(_user));
        return Outcome.Done("0", new EndedConnections { Ended = 0 }) with { Hint = "The user is not banned." };
    }
}
