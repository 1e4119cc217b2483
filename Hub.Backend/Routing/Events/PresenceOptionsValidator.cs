using Microsoft.Extensions.Options;

namespace RealtimeHub.Routing.Events;

internal sealed class PresenceOptionsValidator : IValidateOptions<PresenceOptions>
{
    public ValidateOptionsResult Validate(string? name, PresenceOptions options) =>
        !options.IsConfigured || Routing.Address.TryParse(options.Address, out _)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Presence:Address must be user:NAME, group:NAME or everyone, such as group:presence.");
}
