namespace RealtimeHub.Ingress;

/// <summary>Who may use the HTTP API. Section <c>Api</c>.</summary>
public sealed class ApiOptions
{
    internal const string Section = "Api";

    /// <summary>
    /// Name of a backend to the lower-case hex SHA-256 of its key: <c>printf %s "$KEY" | sha256sum</c>. Without any key there is no
    /// HTTP API: all of <c>/api</c> answers 404.
    /// </summary>
    public IDictionary<string, string> Keys { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
