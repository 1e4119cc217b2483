using System.CommandLine;
using RealtimeHub.Presence;

namespace RealtimeHub.CommandLine;

/// <summary>Lists who is connected, to whichever node.</summary>
internal sealed class ListConnectionsCommand : RedisCommand
{
    private readonly LimitOption _limit = new();
    private readonly CursorOption _cursor = new();

    public ListConnectionsCommand(Func<string[], Action<IServiceCollection>, WebApplication> build)
        : base("list", "Lists the users who are connected, each with the number of his connections, in no order.", build, [
            "Hub.Server connections list",
            "Hub.Server connections list --limit 1000 --json",
        ])
    {
        Add(_limit);
        Add(_cursor);
        Add(new JsonOption("""{"users":[{"user","online","connectionCount"}],"next"}"""));
    }

    protected override string TryingAgain => "Nobody was listed.";

    protected override async Task<Outcome> DoAsync(ParseResult parsed, IServiceProvider services)
    {
        try
        {
            return ShownConnections.Of(
                await services.GetRequiredService<IConnections>().ListAsync(parsed.GetValue(_cursor), parsed.GetValue(_limit)));
        }
        catch (FormatException)
        {
            return Outcome.Refused("The cursor must be the next of a list, as it is.");
        }
    }
}
