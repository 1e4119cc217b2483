using System.CommandLine;
using RealtimeHub.Minting;
using RealtimeHub.Tokens;

namespace RealtimeHub.CommandLine;

/// <summary>Mints a token, to try the hub by hand or without a web app.</summary>
internal sealed class TokenCommand : RedisCommand
{
    private readonly Option<string> _user = new("--user") { Description = "Whom the token lets in.", HelpName = "user", Required = true };

    private readonly Option<string[]> _groups = new("--group")
    {
        Description = "A group that the connection joins. May be given again.",
        HelpName = "group",
    };

    private readonly Option<string> _name = new("--name") { Description = "What people call the user.", HelpName = "name" };

    private readonly Option<string[]> _roles = new("--role") { Description = "A role of the user. May be given again.", HelpName = "role" };

    public TokenCommand(Func<string[], Action<IServiceCollection>, WebApplication> build)
        : base("token", "Mints an access token and prints it. It opens one connection, within Tokens:Lifetime (20 seconds).", build, [
            "Hub.Server token --user alice",
            "Hub.Server token --user alice --group room1 --group room2 --json",
            "TOKEN=$(Hub.Server token --user alice --Redis:Connection localhost:6379)",
        ])
    {
        Add(_user);
        Add(_groups);
        Add(_name);
        Add(_roles);
        Add(new JsonOption("""{"token","expiresIn","cursors"}"""));
    }

    protected override string TryingAgain => "No token was given out.";

    protected override async Task<Outcome> DoAsync(ParseResult parsed, IServiceProvider services)
    {
        var record = new TokenRecord
        {
            Subject = parsed.GetRequiredValue(_user),
            Name = parsed.GetValue(_name),
            Groups = parsed.GetValue(_groups),
            Roles = parsed.GetValue(_roles),
        };
        if (record.Mistake() is { } mistake)
        {
            return Outcome.Refused($"The token record is refused: {mistake}.");
        }

        var minted = await services.GetRequiredService<TokenMint>().MintAsync(record, CancellationToken.None);
        return Outcome.Done(minted.Token, minted) with { Hint = $"It opens one connection, and dies in {minted.ExpiresIn} seconds." };
    }
}
