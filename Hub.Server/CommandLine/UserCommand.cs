using System.CommandLine;
using System.Text.Json;

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

    protected override async Task<Outcome> AskAsync(ParseResult parsed, HubApi hub)
    {
        var answer = await hub.GetAsync($"users/{Uri.EscapeDataString(parsed.GetRequiredValue(_user))}");
        return Outcome.Done(string.Join('\n', answer.GetProperty("connections").EnumerateArray().Select(Line)), answer) with
        {
            Hint = answer.GetProperty("online").GetBoolean() ? null : "The user is not connected.",
        };
    }

    private static string Line(JsonElement connection) => string.Join('\t',
        connection.TextOf("id"), connection.TextOf("node"), connection.TextOf("since"), connection.TextOf("transport"), connection.TextOf("client"),
        string.Join(", ", connection.GetProperty("labels").EnumerateArray()));
}
