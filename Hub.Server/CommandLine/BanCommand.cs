using System.CommandLine;
using System.Globalization;
using RealtimeHub.Control;

namespace RealtimeHub.CommandLine;

/// <summary>Bans a user until a time.</summary>
internal sealed class BanCommand : ControlCommand
{
    private readonly Option<string> _user = new("--user") { Description = "Whom, connected or not.", HelpName = "user", Required = true };
    private readonly Option<string> _until = new("--until") { Description = "Until when: a time to come, in UTC.", HelpName = "time", Required = true };
    private readonly Option<string> _reason = new("--reason") { Description = "What the clients are told.", HelpName = "sentence" };

    public BanCommand(Func<string[], Action<IServiceCollection>, WebApplication> build)
        : base("ban", "Ends all connections of a user, and lets none open until a time.", build, [
            "Hub.Server connections ban --user mallory --until 2099-01-31T12:00:00Z",
            "Hub.Server connections ban --user mallory --until 2099-01-31 --reason Spam.",
        ])
    {
        Add(_user);
        Add(_until);
        Add(_reason);
        Add(new JsonOption("""{"ended","until"}"""));
    }

    protected override string? MistakeIn(ParseResult parsed, TimeProvider time) =>
        MistakeInName("user", parsed.GetRequiredValue(_user))
        ?? (UntilIn(parsed) > time.GetUtcNow() ? null : "--until must be a time to come, such as 2099-01-31T12:00:00Z.")
        ?? (EndOptions.IsReason(parsed.GetValue(_reason)) ? null : $"The reason {EndOptions.ReasonRule}.");

    protected override async Task<Outcome> ActAsync(ParseResult parsed, IConnectionControl control)
    {
        var banned = await control.BanAsync(parsed.GetRequiredValue(_user), UntilIn(parsed)!.Value, parsed.GetValue(_reason));
        return Outcome.Done($"{banned.Ended}", banned) with { Hint = $"Banned, and {Counted(banned.Ended)} ended." };
    }

    private DateTimeOffset? UntilIn(ParseResult parsed) => DateTimeOffset.TryParse(
        parsed.GetRequiredValue(_until), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until) ? until : null;
}
