using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Tokens;

namespace RealtimeHub.CommandLine.ConfigCheck;

/// <summary>Finds keys of the HTTP API that protect nothing, or less than they seem to.</summary>
internal static class UnsafeKeys
{
    /// <summary>Hashes of keys that are used in examples, in tests and on developers' machines.</summary>
    private static readonly HashSet<string> Guessed = Hashes(
        "key", "apikey", "api-key", "my-key", "secret", "password", "changeme", "test", "tests", "dev", "development", "demo", "example", "$KEY",
        "a key that only tests use", "key-of-the-tests");

    private static readonly HashSet<string> Empty = Hashes("", "\n");

    public static IEnumerable<string> In(ApiOptions options)
    {
        if (options.Keys.Count == 0)
        {
            return ["Api:Keys is empty: there is no HTTP API, all of /api answers 404."];
        }

        var guessed = options.Keys.Where(key => ApiOptions.Split(key.Value).Any(Guessed.Contains)).Select(
            key => $"Api:Keys:{key.Key} is a key from an example, which anybody guesses. Take a random one: openssl rand -hex 32.");
        var empty = options.Keys.Where(key => ApiOptions.Split(key.Value).Any(Empty.Contains)).Select(
            key => $"Api:Keys:{key.Key} is the hash of an empty key, which opens nothing. Was the variable set that it was made from?");
        return guessed.Concat(empty);
    }

    private static HashSet<string> Hashes(params string[] keys) => [.. keys.Select(Secret.Hash)];
}
