using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using RealtimeHub.Authentication;
using RealtimeHub.Ingress.Http;

namespace RealtimeHub.CommandLine;

/// <summary>Shows what happens to a user, as it happens.</summary>
internal sealed class FollowCommand : ApiCommand
{
    private readonly Argument<string> _user = new("user") { Description = "Whom to follow." };

    private readonly CountOption _seconds = new("--seconds", "For how many seconds", usual: 600, most: 600);

    public FollowCommand()
        : base(
            "follow", "Shows what happens to a user, as it happens: time, kind, connection, message, and a sentence. Ctrl+C ends it.",
            """{"at","kind","text","node","connection","message"}, a line for each event,""", [
                "Hub.Server follow alice",
                "Hub.Server follow alice --seconds 60 --json",
            ])
    {
        Add(_user);
        Add(_seconds);
    }

    protected override async Task<Outcome> AskAsync(ParseResult parsed, HubApi hub)
    {
        var (user, seconds) = (parsed.GetRequiredValue(_user), parsed.GetValue(_seconds));
        var (count, asJson) = (0, JsonOption.IsGiven(parsed));
        var path = string.Create(CultureInfo.InvariantCulture, $"users/{Uri.EscapeDataString(user)}/follow?seconds={seconds}");
        await foreach (var line in hub.LinesAsync(path))
        {
            count++;
            await Console.Out.WriteLineAsync(asJson ? line : Shown(JsonSerializer.Deserialize(line, ApiJson.Default.FollowedEvent)!));
        }

        return Outcome.Ended(asJson ? null : string.Create(CultureInfo.InvariantCulture, $"Nothing more is followed. There were {count} events."));
    }

    private static string Shown(FollowedEvent happened) => string.Join('\t',
        ShownConnections.Text(happened.At), happened.Kind, happened.Connection ?? "-", happened.Message ?? "-", happened.Text);
}
