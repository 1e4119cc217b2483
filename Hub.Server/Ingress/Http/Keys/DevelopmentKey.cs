using System.Security.Cryptography;
using RealtimeHub.Tokens;

namespace RealtimeHub.Ingress.Http.Keys;

/// <summary>
/// The key that a node makes in Development if none is configured, so that the first curl works. It is valid until the process ends.
/// </summary>
internal sealed class DevelopmentKey
{
    /// <summary>The name that it has among those of <c>Api:Keys</c>.</summary>
    public const string Name = "development";

    private const int Bytes = 16;

    private readonly string? _key;

    public DevelopmentKey(IHostEnvironment environment) =>
        _key = environment.IsDevelopment() ? $"development-{RandomNumberGenerator.GetHexString(2 * Bytes, lowercase: true)}" : null;

    /// <summary>Its hash, or null where there is no such key.</summary>
    public string? Hash => _key is null ? null : Secret.Hash(_key);

    /// <summary>A line for a shell that publishes with it.</summary>
    public string Example(string address) =>
        $$$"""curl -X POST {{{address}}}/api/users/alice/messages -H "X-Api-Key: {{{_key}}}" -H "Content-Type: application/json" -d '{"type":"greeting","payload":{"text":"Hello from curl!"}}'""";
}
