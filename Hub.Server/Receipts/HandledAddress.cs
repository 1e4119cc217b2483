using System.Text.Json.Serialization;

namespace RealtimeHub.Receipts;

/// <summary>How far a client has handled one address.</summary>
/// <param name="After">Everything behind this message, and up to <paramref name="UpTo"/>, was handled, and nothing of it was left out.</param>
/// <param name="UpTo">The last message that was handled. As <paramref name="After"/>: none yet.</param>
/// <param name="Failed">The message whose handler has failed: <paramref name="UpTo"/> stays before it. Null: there is none.</param>
public sealed record HandledAddress(
    [property: JsonPropertyName("after")] string? After = null,
    [property: JsonPropertyName("upTo")] string? UpTo = null,
    [property: JsonPropertyName("failed")] string? Failed = null);
