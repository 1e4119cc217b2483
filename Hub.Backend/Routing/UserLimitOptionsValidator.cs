using Microsoft.Extensions.Options;

namespace RealtimeHub.Routing;

internal sealed class UserLimitOptionsValidator : IValidateOptions<UserLimitOptions>
{
    public ValidateOptionsResult Validate(string? name, UserLimitOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.ConnectionsPerUser is < 0 or > UserLimitOptions.MostConnections)
        {
            result.AddError($"Limits:ConnectionsPerUser must be between 1 and {UserLimitOptions.MostConnections}, or 0 for no limit, and is {options.ConnectionsPerUser}.");
        }

        if (!Enum.IsDefined(options.WhenUserFull))
        {
            result.AddError($"Limits:WhenUserFull must be {UserFullPolicy.Refuse} or {UserFullPolicy.EndOldest}, and is {options.WhenUserFull}.");
        }

        return result.Build();
    }
}
