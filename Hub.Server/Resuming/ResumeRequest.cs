using System.Text.Json.Serialization;

namespace RealtimeHub.Resuming;

/// <summary>What a client asks of <c>PushHub.Resume</c>.</summary>
/// <param name="Cursors">Where it stands: by address, the id of the last message that it has handled.</param>
/// <param name="From">Where its other addresses begin. Null: they are not asked for.</param>
public sealed record ResumeRequest(
    [property: JsonPropertyName("cursors")] IReadOnlyDictionary<string, string>? Cursors = null,
    [property: JsonPropertyName("from")] ResumeFrom? From = null);
