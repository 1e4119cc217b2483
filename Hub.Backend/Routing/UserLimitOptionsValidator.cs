using Microsoft.Extensions.Options;

namespace RealtimeHub.Routing;

internal sealed class UserLimitOptionsValidator : IValidateOptions<UserLimitOptions>
{
    public ValidateOptionsResult Validate(string? name, UserLimitOptions options) =>
        options.ConnectionsPerUser is >= 0 and <= UserLimitOptions.MostConnections
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Limits:ConnectionsPerUser must be between 1 and {UserLimitOptions.MostConnections}, or 0 for no limit, and is {options.ConnectionsPerUser}.");
}
