using System.CommandLine;
using RealtimeHub.Operations;
using RealtimeHub.Presence;

namespace RealtimeHub.CommandLine;

/// <summary>Shows the connections of a user.</summary>
internal sealed class ShowConnectionsCommand : RedisCommand
{
    private readonly Option<string> _user = new("--user") { Description = "Whose connections.", HelpName = "user", Required = true };

    public ShowConnectionsCommand(Func<string[], Action<IServiceCollection>, WebApplication> build)
        : base("show", "Shows the connections of a user, the oldest first: id, node, since, transport, client, labels.", build, [
            "Hub.Server connections show --user alice",
            "Hub.Server connections show --user alice --json",
        ])
    {
        Add(_user);
        Add(new JsonOption("""{"user","online","connections":[{"id","node","since","transport","client",…}]}"""));
    }

    protected override string TryingAgain => "Nothing is known of the user.";

    protected override async Task<Outcome> DoAsync(ParseResult parsed, IServiceProvider services)
    {
        var user = parsed.GetRequiredValue(_user);
        return Identifier.IsValid(user)
            ? ShownConnections.Of(await services.GetRequiredService<IConnections>().GetAsync(user))
            : Outcome.Refused($"The user {Identifier.Rule}.");
    }
}
