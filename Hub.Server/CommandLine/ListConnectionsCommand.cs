using System.CommandLine;
using RealtimeHub.Presence;

namespace RealtimeHub.CommandLine;

/// <summary>Lists who is connected, to whichever node.</summary>
internal sealed class ListConnectionsCommand : RedisCommand
{
    private readonly Option<int> _limit = new("--limit")
    {
        Description = $"About how many users, 1 to {IConnections.MaxUsers}.",
        HelpName = "users",
        DefaultValueFactory = _ => 100,
    };

    private readonly Option<string> _cursor = new("--cursor") { Description = "Where to go on: next of the list before.", HelpName = "next" };

    public ListConnectionsCommand(Func<string[], Action<IServiceCollection>, WebApplication> build)
        : base("list", "Lists the users who are connected, each with the number of his connections, in no order.", build, [
            "Hub.Server connections list",
            "Hub.Server connections list --limit 1000 --json",
        ])
    {
        Add(_limit);
        Add(_cursor);
        Add(new JsonOption("""{"users":[{"user","online","connectionCount"}],"next"}"""));
        _limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > IConnections.MaxUsers)
            {
                result.AddError($"--limit must be a whole number from 1 to {IConnections.MaxUsers}.");
            }
        });
    }

    protected override string TryingAgain => "Nobody was listed.";

    protected override async Task<Outcome> DoAsync(ParseResult parsed, IServiceProvider services)
    {
        try
        {
            var page = await services.GetRequiredService<IConnections>().ListAsync(parsed.GetValue(_cursor), parsed.GetValue(_limit));
            return Outcome.Done(string.Join('\n', page.Users.Select(user => $"{user.ConnectionCount}\t{user.User}")), page) with
            {
                Hint = page.Next is { } next ? $"There may be more: --cursor {next}" : null,
            };
        }
        catch (FormatException)
        {
            return Outcome.Refused("The cursor must be the next of a list, as it is.");
        }
    }
}
