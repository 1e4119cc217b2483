using Microsoft.Extensions.Options;

namespace RealtimeHub.Connections;

internal sealed class DrainOptionsValidator : IValidateOptions<DrainOptions>
{
    public ValidateOptionsResult Validate(string? name, DrainOptions options) =>
        options.Time >= TimeSpan.Zero && options.Time <= DrainOptions.LongestTime
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Drain:Time must be between 00:00:00 and {DrainOptions.LongestTime}, such as 00:00:20.");
}
