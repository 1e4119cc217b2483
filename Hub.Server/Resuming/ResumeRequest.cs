using System.Text.Json.Serialization;

namespace RealtimeHub.Resuming;

/// <summary>The argument of <c>PushHub.Resume</c>.</summary>
/// <param name="Cursors">By address, the id of the last message that the client has handled.</param>
/// <param name="From">Where to begin at the connection's other addresses. Null: they are left out of the answer.</param>
public sealed record ResumeRequest(
    [property: JsonPropertyName("cursors")] IReadOnlyDictionary<string, string>? Cursors = null,
    [property: JsonPropertyName("from")] ResumeFrom? From = null);
