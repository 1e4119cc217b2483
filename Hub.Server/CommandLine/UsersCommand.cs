using System.CommandLine;
using RealtimeHub.Ingress.Http;

namespace RealtimeHub.CommandLine;

/// <summary>Lists who is connected to a hub.</summary>
internal sealed class UsersCommand : ApiCommand
{
    private readonly LimitOption _limit = new();
    private readonly CursorOption _cursor = new();

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
        return ShownConnections.Of(await hub.GetAsync($"users?limit={parsed.GetValue(_limit)}{cursor}", ApiJson.Default.UserStatusPage));
    }
}
