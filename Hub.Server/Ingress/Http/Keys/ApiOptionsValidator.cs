using Microsoft.Extensions.Options;

namespace RealtimeHub.Ingress.Http.Keys;

/// <remarks>Its messages repeat no value: somebody may have written the key itself in the place of its hash.</remarks>
internal sealed class ApiOptionsValidator : IValidateOptions<ApiOptions>
{
    private const int HashLength = 64;

    public ValidateOptionsResult Validate(string? name, ApiOptions options)
    {
        string[] mistakes = [.. OfKeys(options), .. OfSharedKeys(options), .. OfScopes(options), .. OfRate(options)];
        return mistakes.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    private static IEnumerable<string> OfKeys(ApiOptions options) =>
        from key in options.Keys
        let mistake = Mistake(ApiOptions.Split(key.Value))
        where mistake is not null
        select $"Api:Keys:{key.Key} {mistake}";

    private static IEnumerable<string> OfSharedKeys(ApiOptions options) =>
        from key in options.Keys
        from hash in ApiOptions.Split(key.Value).Distinct()
        where IsHash(hash)
        group $"Api:Keys:{key.Key}" by hash into names
        where names.Count() > 1
        select $"{string.Join(" and ", names)} hold the same hash: give each backend a key of its own.";

    private static IEnumerable<string> OfScopes(ApiOptions options) =>
        from scopes in options.Scopes
        let mistake = !options.Keys.ContainsKey(scopes.Key) ? $"names no key: there is no Api:Keys:{scopes.Key}."
            : ApiScopes.Parse(scopes.Value) is null ? $"must be one or more of {ApiScopes.Words}, separated by commas. Without the setting the key may do everything."
            : null
        where mistake is not null
        select $"Api:Scopes:{scopes.Key} {mistake}";

    private static IEnumerable<string> OfRate(ApiOptions options) =>
        options.MessagesPerSecond is >= 0 and <= ApiOptions.GreatestMessagesPerSecond
        ? []
        : [$"Api:MessagesPerSecond must be between 1 and {ApiOptions.GreatestMessagesPerSecond}, or 0 for no limit."];

    private static string? Mistake(string[] hashes) =>
        hashes.Length > ApiOptions.MaxKeysOfAName ? "may hold two hashes at the most, of the new key and of the old: remove the oldest."
        : hashes.Length == 0 || !hashes.All(IsHash) ? "must be the lower-case hex SHA-256 of the key, 64 digits: printf %s \"$KEY\" | sha256sum. While the key is changed, two of them separated by a comma."
        : hashes.Distinct().Count() < hashes.Length ? "holds the same hash twice: remove one, or put the new key's there."
        : null;

    private static bool IsHash(string hash) => hash.Length == HashLength && hash.All(char.IsAsciiHexDigitLower);
}
