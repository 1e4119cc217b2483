using Microsoft.Extensions.Options;

namespace RealtimeHub.Tokens;

internal sealed class TokenOptionsValidator : IValidateOptions<TokenOptions>
{
    public ValidateOptionsResult Validate(string? name, TokenOptions options) =>
        options.Lifetime >= TokenOptions.ShortestLifetime && options.Lifetime <= TokenOptions.LongestLifetime
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"Tokens:Lifetime must be between {TokenOptions.ShortestLifetime} and {TokenOptions.LongestLifetime}, and is {options.Lifetime}.");
}
