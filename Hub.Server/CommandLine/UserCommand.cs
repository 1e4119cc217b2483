using System.CommandLine;
using RealtimeHub.Ingress.Http;

namespace RealtimeHub.CommandLine;

/// <summary>Shows the connections of a user at a hub.</summary>
internal sealed class UserCommand : ApiCommand
{
    private readonly Argument<string> _user = new("user") { Description = "Whose connections." };

    public UserCommand()
        : base(
            "user", "Shows the connections of a user, the oldest first: id, node, since, transport, client, labels.",
            """{"user","online","connections":[{"id","node","since","transport","client",…}]}""", [
                "Hub.Server user alice",
                "Hub.Server user alice --url https://push.example --json",
            ]) => Add(_user);

    protected override async Task<Outcome> AskAsync(ParseResult parsed, HubApi hub) => ShownConnections.Of(
        await hub.GetAsync($"users/{Uri.EscapeDataString(parsed.GetRequiredValue(_user))}", ApiJson.Default.UserConnections));
}
