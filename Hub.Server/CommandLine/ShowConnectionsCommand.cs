using System.CommandLine;
using System.Globalization;
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
        if (!Identifier.IsValid(user))
        {
            return Outcome.Refused($"The user {Identifier.Rule}.");
        }

        var shown = await services.GetRequiredService<IConnections>().GetAsync(user);
        return Outcome.Done(string.Join('\n', shown.Connections.Select(Line)), shown) with
        {
            Hint = shown.Online ? null : "The user is not connected.",
        };
    }

    // What a client says of itself stands last but the labels, and has neither tabs nor line ends.
    private static string Line(UserConnection connection) => string.Join('\t',
        connection.Id, connection.Node, connection.Since?.ToString("u", CultureInfo.InvariantCulture) ?? "-",
        connection.Transport ?? "-", connection.Client ?? "-", string.Join(", ", connection.Labels));
}
