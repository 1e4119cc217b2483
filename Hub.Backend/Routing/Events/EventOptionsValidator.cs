using Microsoft.Extensions.Options;

namespace RealtimeHub.Routing.Events;

/// <remarks>Neither value is repeated: an address may be secret, too.</remarks>
internal sealed class EventOptionsValidator : IValidateOptions<EventOptions>
{
    public ValidateOptionsResult Validate(string? name, EventOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.HasUrl && !IsAddress(options.Url))
        {
            result.AddError("Events:Url must be like https://app.example.com/hub-events: http or https, without a user and without #.");
        }

        if (options.HasUrl && options.Secrets.Count == 0)
        {
            result.AddError("Events:Secret must be set when Events:Url is: without it, nobody can tell an event of the hub from a forged one. Make one: echo whsec_$(openssl rand -base64 32).");
        }

        if (!options.Secrets.All(secret => WebhookKey.TryParse(secret, out _)))
        {
            result.AddError("Events:Secret must be whsec_ and the base64 of 24 to 64 bytes; several are separated by commas. Make one: echo whsec_$(openssl rand -base64 32).");
        }

        if (options is { HasUrl: true, HasExchange: true })
        {
            result.AddError("Events go to Events:Url or to Events:RabbitMqExchange: set one of the two.");
        }

        return result.Build();
    }

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && address is { Scheme: "http" or "https", Host.Length: > 0, UserInfo: "", Fragment: "" };
}
