namespace RealtimeHub.Ingress.Http.Keys;

/// <summary>Who may use the HTTP API, and how much. Section <c>Api</c>.</summary>
internal sealed class ApiOptions
{
    public const string Section = "Api";

    /// <summary>The most hashes under one name: that of the new key, and that of the old one until the backend uses the new key.</summary>
    public const int MaxKeysOfAName = 2;

    public const int GreatestMessagesPerSecond = 1_000_000;

    /// <summary>
    /// The name of each backend, and the lower-case hex SHA-256 of its key: <c>printf %s "$KEY" | sha256sum</c>. Two hashes, separated by a
    /// comma, while the key is being changed. Without any key there is no HTTP API: all of <c>/api</c> answers 404. In Development the hub
    /// then makes a key, and shows it on the console.
    /// </summary>
    public IDictionary<string, string> Keys { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// What the key of a name is good for, as words separated by commas: <c>read</c> (see who is connected), <c>publish</c>, <c>mint</c>,
    /// <c>control</c> (end connections, change groups, drain). A name that does not stand here may do all of it.
    /// </summary>
    public IDictionary<string, string> Scopes { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// How many messages each name may publish per second on each node: one to a million, 1,000 by default; 0 means no limit. It may
    /// publish the same number at once, and always at least 1,000, the size of the largest batch.
    /// </summary>
    public int MessagesPerSecond { get; set; } = 1_000;

    /// <summary>The hashes, or the scopes, that stand under a name.</summary>
    public static string[] Split(string? words) => words?.Split(',', StringSplitOptions.TrimEntries) ?? [];
}
