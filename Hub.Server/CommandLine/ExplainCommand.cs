using System.CommandLine;
using RealtimeHub.Ingress.Http;

namespace RealtimeHub.CommandLine;

/// <summary>Says why a user has got a message, or has not.</summary>
internal sealed class ExplainCommand : ApiCommand
{
    private readonly Argument<string> _user = new("user") { Description = "The user." };

    private readonly Argument<string?> _message = new("message")
    {
        Description = "The id of the message, as publishing has answered it. Without it: what would happen to one that were published now.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _address = new("--address")
    {
        Description = "Where the message was published to, if that was not the user: group:NAME or everyone.",
        HelpName = "address",
    };

    public ExplainCommand()
        : base(
            "explain", "Says why a user has got a message, or has not: what the log has, what each node has done, how far the user's devices are.",
            """{"user","address","message","sentences"}""", [
                "Hub.Server explain alice 1790000000000002-7",
                "Hub.Server explain alice 1790000000000041-12 --address group:room1",
                "Hub.Server explain alice",
            ])
    {
        Add(_user);
        Add(_message);
        Add(_address);
    }

    protected override async Task<Outcome> AskAsync(ParseResult parsed, HubApi hub)
    {
        (string Name, string? Value)[] asked =
        [
            ("user", parsed.GetRequiredValue(_user)), ("message", parsed.GetValue(_message)), ("address", parsed.GetValue(_address)),
        ];
        var query = string.Join('&', asked.Where(each => each.Value is not null).Select(each => $"{each.Name}={Uri.EscapeDataString(each.Value!)}"));
        var explained = await hub.GetAsync($"explain?{query}", ApiJson.Default.MessageExplanation);
        return Outcome.Done(string.Join('\n', explained.Sentences), explained);
    }
}
