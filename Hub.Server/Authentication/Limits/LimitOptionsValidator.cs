using Microsoft.Extensions.Options;

namespace RealtimeHub.Authentication.Limits;

internal sealed class LimitOptionsValidator : IValidateOptions<LimitOptions>
{
    public ValidateOptionsResult Validate(string? name, LimitOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        foreach (var (key, limit) in (ReadOnlySpan<(string, int)>)
        [
            (nameof(options.Connections), options.Connections),
            (nameof(options.ConnectionsPerIpAddress), options.ConnectionsPerIpAddress),
            (nameof(options.Unopened), options.Unopened),
            (nameof(options.UnopenedPerIpAddress), options.UnopenedPerIpAddress),
            (nameof(options.AttemptsPerMinute), options.AttemptsPerMinute),
            (nameof(options.FailuresPerMinute), options.FailuresPerMinute),
        ])
        {
            if (limit is < 0 or > LimitOptions.Most)
            {
                result.AddError($"Limits:{key} must be between 1 and {LimitOptions.Most}, or 0 for no limit, and is {limit}.");
            }
        }

        return result.Build();
    }
}
