using System.Text.Json.Serialization;

namespace RealtimeHub.Resuming;

/// <summary>What a client has missed at one address.</summary>
/// <param name="Recovered">
/// True: <paramref name="Messages"/> is all that came after its cursor. False: something is gone for ever, and they are what is left.
/// </param>
/// <param name="Cursor">Where the client stands when it has handled them.</param>
/// <param name="Messages">In the order of the log; none that it has handled before.</param>
public sealed record ResumedAddress(
    [property: JsonPropertyName("recovered")] bool Recovered,
    [property: JsonPropertyName("cursor")] string Cursor,
    [property: JsonPropertyName("messages")] IReadOnlyList<LoggedMessage> Messages);
