using System.CommandLine;
using System.CommandLine.Parsing;
using RealtimeHub.Ingress.Http;
using RealtimeHub.Operations;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;

namespace RealtimeHub.CommandLine;

/// <summary>Publishes a message from a shell, a timer, a deploy script.</summary>
internal sealed class PublishCommand : RedisCommand
{
    private readonly Option<string> _user = new("--user") { Description = "To all connections of a user.", HelpName = "user" };

    private readonly Option<string> _group = new("--group") { Description = "To all connections in a group.", HelpName = "group" };

    private readonly Option<bool> _everyone = new("--everyone") { Description = "To every connection." };

    private readonly Option<string> _type = new("--type")
    {
        Description = "The word by which clients choose their handlers.",
        HelpName = "type",
        Required = true,
    };

    private readonly Option<string> _payload = new("--payload")
    {
        Description = "Any JSON, at most 64 KB, 32 levels deep; - reads it from standard input. Left out, it is what is piped in, or null.",
        HelpName = "json",
    };

    private readonly Option<string> _key = new("--idempotency-key")
    {
        Description = "For five minutes, the same message with the same key at the same address is not sent again: the answer is the first id. Another message is refused.",
        HelpName = "key",
    };

    private readonly Option<int> _ttl = new("--ttl-seconds")
    {
        Description = "Not delivered later than that. Left out: as long as it is retained.",
        HelpName = "seconds",
    };

    private readonly Option<bool> _transient = new("--transient") { Description = "Only to the clients that are connected now; kept in no log." };

    public PublishCommand(Func<string[], Action<IServiceCollection>, WebApplication> build)
        : base("publish", "Publishes a message and prints its id. It is delivered now, or when the user comes back.", build, [
            """Hub.Server publish --user alice --type order.shipped --payload '{"id":7}'""",
            "Hub.Server publish --group room1 --type typing --transient",
            "Hub.Server publish --everyone --type news --payload - < news.json",
        ])
    {
        foreach (var option in (Option[])[_user, _group, _everyone, _type, _payload, _key, _ttl, _transient, new JsonOption("""{"id"}""")])
        {
            Add(option);
        }

        Validators.Add(OneAddress);
    }

    protected override string TryingAgain => "The message may be published nevertheless: with --idempotency-key it is safe to try again.";

    protected override async Task<Outcome> DoAsync(ParseResult parsed, IServiceProvider services)
    {
        var payload = await PayloadInput.ReadAsync(parsed.GetValue(_payload));
        if (!payload.IsSuccess)
        {
            return payload.Reason;
        }

        if ((parsed.GetValue(_user) ?? parsed.GetValue(_group)) is { } name && !Identifier.IsValid(name))
        {
            return Outcome.Refused($"The user or group {Identifier.Rule}.");
        }

        var publication = new Publication(AddressIn(parsed), parsed.GetRequiredValue(_type), payload.Value, OptionsIn(parsed));
        if (!CheckedPublication.TryOf(publication, isUtf8: false, out var ready, out var mistake))
        {
            return Outcome.Refused(mistake);
        }

        try
        {
            var id = await services.GetRequiredService<Publisher>().PublishAsync(ready);
            return Outcome.Done(id, new PublishedMessage(id));
        }
        catch (IdempotencyConflictException conflict)
        {
            return Outcome.Refused(conflict.Message);
        }
    }

    private void OneAddress(CommandResult result)
    {
        var given = new Option[] { _user, _group, _everyone }.Count(option => result.GetResult(option) is not null);
        if (given != 1)
        {
            result.AddError("Say where to: one of --user, --group and --everyone.");
        }
    }

    private Address AddressIn(ParseResult parsed) =>
        parsed.GetValue(_user) is { } user ? Address.User(user)
        : parsed.GetValue(_group) is { } group ? Address.Group(group)
        : Address.Everyone;

    private PublishOptions OptionsIn(ParseResult parsed) => new()
    {
        IdempotencyKey = parsed.GetValue(_key),
        TimeToLive = parsed.GetResult(_ttl) is null ? null : TimeSpan.FromSeconds(parsed.GetValue(_ttl)),
        Transient = parsed.GetValue(_transient),
    };
}
