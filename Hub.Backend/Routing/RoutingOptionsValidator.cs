using Microsoft.Extensions.Options;

namespace RealtimeHub.Routing;

internal sealed class RoutingOptionsValidator : IValidateOptions<RoutingOptions>
{
    public ValidateOptionsResult Validate(string? name, RoutingOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.MaxMessages is < 1 or > RoutingOptions.MostMessages)
        {
            result.AddError($"Routing:MaxMessages must be between 1 and {RoutingOptions.MostMessages}, and is {options.MaxMessages}.");
        }

        if (options.MaxAge < RoutingOptions.ShortestAge || options.MaxAge > RoutingOptions.LongestAge)
        {
            result.AddError($"Routing:MaxAge must be between {RoutingOptions.ShortestAge} and {RoutingOptions.LongestAge}, and is {options.MaxAge}.");
        }

        return result.Build();
    }
}
