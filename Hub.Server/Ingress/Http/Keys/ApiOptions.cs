namespace RealtimeHub.Ingress.Http.Keys;

/// <summary>Who may use the HTTP API, and how much. Section <c>Api</c>.</summary>
internal sealed class ApiOptions
{
    public const string Section = "Api";

    /// <summary>The most hashes under one name: the new key's, and the old one's until the backend has the new.</summary>
    public const int MaxKeysOfAName = 2;

    public const int GreatestMessagesPerSecond = 1_000_000;

    /// <summary>
    /// Name of a backend to the lower-case hex SHA-256 of its key: <c>printf %s "$KEY" | sha256sum</c>. Two, separated by a comma, while
    /// the key is changed. Without any key there is no HTTP API: all of <c>/api</c> answers 404.
    /// In Development a key is made then, which the console shows.
    /// </summary>
    public IDictionary<string, string> Keys { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// How many messages each name may publish a second on each node, one to a million, 1,000 by default; 0 is no limit. So many it may
    /// publish at once as well, and 1,000 in any case: as many as the largest batch has.
    /// </summary>
    public int MessagesPerSecond { get; set; } = 1_000;

    /// <summary>The hashes that stand under a name.</summary>
    public static string[] Split(string? hashes) => hashes?.Split(',', StringSplitOptions.TrimEntries) ?? [];
}
