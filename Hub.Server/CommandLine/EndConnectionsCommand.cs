using System.CommandLine;
using RealtimeHub.Control;
using RealtimeHub.Tokens;

namespace RealtimeHub.CommandLine;

/// <summary>Ends connections: of a user, of one of his sessions, a single one, or all with a label.</summary>
internal sealed class EndConnectionsCommand : ControlCommand
{
    private readonly Option<string> _user = new("--user") { Description = "Whose connections.", HelpName = "user" };
    private readonly Option<string> _session = new("--session") { Description = "Only those of this web session (sid).", HelpName = "sid" };
    private readonly Option<string> _connection = new("--connection") { Description = "Only this one, by its id.", HelpName = "id" };
    private readonly Option<string> _label = new("--label") { Description = "Instead of a user: all with this label.", HelpName = "label" };
    private readonly Option<string> _reason = new("--reason") { Description = "What the clients are told.", HelpName = "sentence" };
    private readonly Option<bool> _stayAway = new("--stay-away") { Description = "Tell the clients not to come back." };

    public EndConnectionsCommand(Func<string[], Action<IServiceCollection>, WebApplication> build)
        : base("end", "Ends connections. Tokens from before open nothing, but for a single connection.", build, [
            "Hub.Server connections end --user alice",
            "Hub.Server connections end --user alice --session 2f1c --reason 'Signed out.'",
            "Hub.Server connections end --label tenant:7 --stay-away",
        ])
    {
        foreach (var option in (Option[])[_user, _session, _connection, _label, _reason, _stayAway])
        {
            Add(option);
        }

        Add(new JsonOption("""{"ended","epoch"}"""));
        Validators.Add(result =>
        {
            if ((result.GetValue(_user) is null) == (result.GetValue(_label) is null))
            {
                result.AddError("Say whose connections: --user or --label.");
            }
            else if (result.GetValue(_session) is not null && result.GetValue(_connection) is not null)
            {
                result.AddError("Either --session or --connection.");
            }
            else if (result.GetValue(_label) is not null && (result.GetValue(_session) ?? result.GetValue(_connection)) is not null)
            {
                result.AddError("--session and --connection belong to a --user.");
            }
        });
    }

    protected override string? MistakeIn(ParseResult parsed, TimeProvider time) =>
        MistakeInName("user", parsed.GetValue(_user)) ?? MistakeInName("session", parsed.GetValue(_session))
        ?? MistakeInName("label", parsed.GetValue(_label), TokenRecord.MaxLabelLength)
        ?? (EndOptions.IsReason(parsed.GetValue(_reason)) ? null : $"The reason {EndOptions.ReasonRule}.");

    protected override async Task<Outcome> ActAsync(ParseResult parsed, IConnectionControl control)
    {
        var options = new EndOptions { Reason = parsed.GetValue(_reason), MayComeBack = !parsed.GetValue(_stayAway) };
        var user = parsed.GetValue(_user);
        var ended = user is null ? await control.EndLabelAsync(parsed.GetRequiredValue(_label), options)
            : parsed.GetValue(_session) is { } session ? await control.EndSessionAsync(user, session, options)
            : parsed.GetValue(_connection) is { } connection ? await control.EndConnectionAsync(user, connection, options)
            : await control.EndUserAsync(user, options);
        return Outcome.Done($"{ended.Ended}", ended) with { Hint = $"{Counted(ended.Ended)} ended." };
    }
}
