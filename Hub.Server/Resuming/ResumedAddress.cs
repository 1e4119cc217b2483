using System.Text.Json.Serialization;

namespace RealtimeHub.Resuming;

/// <summary>What a client has missed at one address.</summary>
/// <param name="Recovered">
/// True: <paramref name="Messages"/> holds everything after the client's cursor. False: some messages are gone for ever, and it holds
/// what is left.
/// </param>
/// <param name="Cursor">The client's cursor once it has handled the messages.</param>
/// <param name="Messages">In the order of the log, and none that the client has handled before.</param>
public sealed record ResumedAddress(
    [property: JsonPropertyName("recovered")] bool Recovered,
    [property: JsonPropertyName("cursor")] string Cursor,
    [property: JsonPropertyName("messages")] IReadOnlyList<LoggedMessage> Messages);
