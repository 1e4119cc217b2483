using Microsoft.Extensions.Options;

namespace RealtimeHub.Ingress;

internal sealed class ApiOptionsValidator : IValidateOptions<ApiOptions>
{
    private const int HashLength = 64;

    public ValidateOptionsResult Validate(string? name, ApiOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        foreach (var (key, hash) in options.Keys)
        {
            if (hash is not { Length: HashLength } || !hash.All(char.IsAsciiHexDigitLower))
            {
                // The value is not repeated: somebody may have put the key itself here.
                result.AddError($"Api:Keys:{key} must be the lower-case hex SHA-256 of the key, 64 digits: printf %s \"$KEY\" | sha256sum.");
            }
        }

        return result.Build();
    }
}
