using System.CommandLine;
using RealtimeHub.Control;

namespace RealtimeHub.CommandLine;

/// <summary>Has the connections of a user renewed, or ended.</summary>
internal sealed class RenewConnectionsCommand : ControlCommand
{
    private readonly Option<string> _user = new("--user") { Description = "Whose connections.", HelpName = "user", Required = true };
    private readonly Option<string> _session = new("--session") { Description = "Only those of this web session (sid).", HelpName = "sid" };

    public RenewConnectionsCommand(Func<string[], Action<IServiceCollection>, WebApplication> build)
        : base("renew", "Has connections renewed by new tokens within 30 seconds. Who is not is ended.", build, [
            "Hub.Server connections renew --user alice",
            "Hub.Server connections renew --user alice --session 2f1c",
        ])
    {
        Add(_user);
        Add(_session);
        Add(new JsonOption("""{"asked","epoch"}"""));
    }

    protected override string? MistakeIn(ParseResult parsed, TimeProvider time) =>
        MistakeInName("user", parsed.GetRequiredValue(_user)) ?? MistakeInName("session", parsed.GetValue(_session));

    protected override async Task<Outcome> ActAsync(ParseResult parsed, IConnectionControl control)
    {
        var user = parsed.GetRequiredValue(_user);
        var asked = parsed.GetValue(_session) is { } session
            ? await control.RenewSessionAsync(user, session)
            : await control.RenewUserAsync(user);
        return Outcome.Done($"{asked.Asked}", asked) with { Hint = $"{Counted(asked.Asked)} asked. Who has not renewed in 30 seconds is ended." };
    }
}
