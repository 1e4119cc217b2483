using System.Text.Json.Serialization;

namespace RealtimeHub.Resuming;

/// <summary>The answer of <c>PushHub.Resume</c>.</summary>
/// <param name="Addresses">By address, what the client has missed there.</param>
/// <param name="Refused">The addresses that the client named but that are not the connection's own.</param>
/// <param name="More">Whether there is more than this page has room for. Then the client calls again, with its new cursors.</param>
public sealed record ResumeAnswer(
    [property: JsonPropertyName("addresses")] IReadOnlyDictionary<string, ResumedAddress> Addresses,
    [property: JsonPropertyName("refused")] IReadOnlyList<string> Refused,
    [property: JsonPropertyName("more")] bool More);
