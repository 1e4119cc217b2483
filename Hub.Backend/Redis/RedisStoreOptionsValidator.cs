using Microsoft.Extensions.Options;

namespace RealtimeHub.Redis;

internal sealed class RedisStoreOptionsValidator : IValidateOptions<RedisStoreOptions>
{
    public ValidateOptionsResult Validate(string? name, RedisStoreOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.IsConfigured && MistakeIn(options) is { } mistake)
        {
            result.AddError(mistake);
        }

        // Braces are hash tags: they would put every key of a Cluster into one slot.
        if (options.KeyPrefix is not { Length: > 0 and <= 64 } prefix || prefix.AsSpan().ContainsAny('{', '}')
            || prefix.Any(char.IsControl))
        {
            result.AddError("Redis:KeyPrefix must be 1 to 64 characters without braces or control characters, such as hub:.");
        }

        return result.Build();
    }

    private static string? MistakeIn(RedisStoreOptions options)
    {
        try
        {
            options.Parse();
            return null;
        }
        catch (FormatException mistake)
        {
            return mistake.Message;
        }
    }
}
