using Microsoft.Extensions.Options;

namespace RealtimeHub.Delivery;

internal sealed class ClientLimitOptionsValidator : IValidateOptions<ClientLimitOptions>
{
    /// <summary>More than a client sends at once that resumes as fast as it may, and waits for the answers.</summary>
    private const int LeastCalls = 20;

    public ValidateOptionsResult Validate(string? name, ClientLimitOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.WaitingTime < ClientLimitOptions.LeastWaiting || options.WaitingTime > ClientLimitOptions.MostWaiting)
        {
            result.AddError($"Limits:WaitingTime must be between {ClientLimitOptions.LeastWaiting} and {ClientLimitOptions.MostWaiting}, and is {options.WaitingTime}.");
        }

        if (options.CallsPerSecond is not 0 and (< LeastCalls or > ClientLimitOptions.MostCalls))
        {
            result.AddError($"Limits:CallsPerSecond must be between {LeastCalls} and {ClientLimitOptions.MostCalls}, or 0 for no limit, and is {options.CallsPerSecond}.");
        }

        return result.Build();
    }
}
