using Microsoft.Extensions.Options;
using RealtimeHub.Redis;

namespace RealtimeHub.Tokens;

internal sealed class TokenOptionsValidator(IOptions<RedisStoreOptions> redis) : IValidateOptions<TokenOptions>
{
    public ValidateOptionsResult Validate(string? name, TokenOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.Lifetime < TokenOptions.ShortestLifetime || options.Lifetime > TokenOptions.LongestLifetime)
        {
            result.AddError(
                $"Tokens:Lifetime must be between {TokenOptions.ShortestLifetime} and {TokenOptions.LongestLifetime}, and is {options.Lifetime}.");
        }

        if (options.AcceptSeedFormat && !IsRedisConfigured())
        {
            result.AddError("Tokens:AcceptSeedFormat needs Redis:Connection: the Redis to which the site writes its tokens.");
        }

        if (options.RequireReplicas is < 0 or > TokenOptions.MostReplicas)
        {
            result.AddError($"Tokens:RequireReplicas must be between 0 and {TokenOptions.MostReplicas}, and is {options.RequireReplicas}.");
        }

        if (options.RequireReplicas > 0 && !IsRedisConfigured())
        {
            result.AddError("Tokens:RequireReplicas needs Redis:Connection: without Redis there is nothing that could have a replica.");
        }

        if (options.PerUser is < 0 or > TokenOptions.MostPerUser)
        {
            result.AddError($"Tokens:PerUser must be between 1 and {TokenOptions.MostPerUser}, or 0 for no limit, and is {options.PerUser}.");
        }

        return result.Build();
    }

    private bool IsRedisConfigured()
    {
        try
        {
            return redis.Value.IsConfigured;
        }
        catch (OptionsValidationException)
        {
            return true; // It is configured, with mistakes that its own validator tells.
        }
    }
}
