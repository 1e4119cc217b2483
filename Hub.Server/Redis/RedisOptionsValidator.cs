using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace RealtimeHub.Redis;

internal sealed class RedisOptionsValidator : IValidateOptions<RedisOptions>
{
    public ValidateOptionsResult Validate(string? name, RedisOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.IsConfigured && !IsConnectionString(options.Connection))
        {
            // The string is not repeated: it may hold a password.
            result.AddError("Redis:Connection is not a StackExchange.Redis connection string, such as localhost:6379,password=….");
        }

        // Braces would put every key of a Cluster into one slot.
        if (options.KeyPrefix is not { Length: > 0 and <= 64 } prefix || prefix.AsSpan().ContainsAny('{', '}') || prefix.Any(char.IsControl))
        {
            result.AddError("Redis:KeyPrefix must be 1 to 64 characters without braces or control characters, such as hub:.");
        }

        return result.Build();
    }

    private static bool IsConnectionString(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text).EndPoints.Count > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
