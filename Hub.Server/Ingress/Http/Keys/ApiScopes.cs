namespace RealtimeHub.Ingress.Http.Keys;

/// <summary>How scopes are written in the configuration: their words, separated by commas.</summary>
internal static class ApiScopes
{
    private static readonly Dictionary<string, ApiScope> ByWord =
        new[] { ApiScope.Read, ApiScope.Publish, ApiScope.Mint, ApiScope.Control }.ToDictionary(ToWord, StringComparer.Ordinal);

    /// <summary>All words, for those who have to choose.</summary>
    public static string Words { get; } = string.Join(", ", ByWord.Keys);

    public static string ToWord(this ApiScope scope) => scope.ToString().ToLowerInvariant();

    /// <returns>Null if a word is none of ours, or there is none.</returns>
    public static ApiScope? Parse(string? words)
    {
        var scopes = ApiScope.None;
        foreach (var word in ApiOptions.Split(words))
        {
            if (!ByWord.TryGetValue(word, out var scope))
            {
                return null;
            }

            scopes |= scope;
        }

        return scopes == ApiScope.None ? null : scopes;
    }
}
