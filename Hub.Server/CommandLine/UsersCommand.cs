using System.CommandLine;
using RealtimeHub.Presence;

namespace RealtimeHub.CommandLine;

/// <summary>Lists who is connected to a hub.</summary>
internal sealed class UsersCommand : ApiCommand
{
    private readonly Option<int> _limit = new("--limit")
    {
        Description = $"About how many users, 1 to {IConnections.MaxUsers}.",
        HelpName = "users",
        DefaultValueFactory = _ => 100,
    };

    private readonly Option<string> _cursor = new("--cursor") { Description = "Where to go on: next of the list before.", HelpName = "next" };

    public UsersCommand()
        : base(
            "users", "Lists the users who are connected, each with the number of his connections, in no order.",
            """{"users":[{"user","online","connectionCount"}],"next"}""", [
                "Hub.Server users",
                "Hub.Server users --limit 1000 --json",
            ])
    {
        Add(_limit);
        Add(_cursor);
    }

    protected override async Task<Outcome> AskAsync(ParseResult parsed, HubApi hub)
    {
        var cursor = parsed.GetValue(_cursor) is { } next ? $"&cursor={Uri.EscapeDataString(next)}" : "";
        var answer = await hub.GetAsync($"users?limit={parsed.GetValue(_limit)}{cursor}");
        var users = answer.GetProperty("users").EnumerateArray();
        return Outcome.Done(string.Join('\n', users.Select(user => $"{user.TextOf("connectionCount")}\t{user.TextOf("user")}")), answer) with
        {
            Hint = answer.TryGetProperty("next", out var more) ? $"There may be more: --cursor {more}" : null,
        };
    }
}
