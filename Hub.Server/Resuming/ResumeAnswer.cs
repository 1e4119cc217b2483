using System.Text.Json.Serialization;

namespace RealtimeHub.Resuming;

/// <summary>What <c>PushHub.Resume</c> answers.</summary>
/// <param name="Addresses">By address, what the client has missed there.</param>
/// <param name="Refused">What was asked for and is none of the connection's addresses.</param>
/// <param name="More">Whether this page had no room for all: the client calls again, with its new cursors.</param>
public sealed record ResumeAnswer(
    [property: JsonPropertyName("addresses")] IReadOnlyDictionary<string, ResumedAddress> Addresses,
    [property: JsonPropertyName("refused")] IReadOnlyList<string> Refused,
    [property: JsonPropertyName("more")] bool More);
