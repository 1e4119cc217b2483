using System.Text.Json.Serialization;

namespace RealtimeHub.Ingress.Http;

/// <summary>What a backend is told of the message that it has published.</summary>
/// <param name="Id">The message's id; with an idempotency key that was seen before, the id of the first.</param>
internal sealed record PublishedMessage(string Id)
{
    /// <summary>Whether a device of the user has handled it; only where the call has waited for that.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Handled { get; init; }

    /// <summary>The device that has handled it first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Device { get; init; }

    /// <summary>How many connections the user has, where none has handled it in time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Connections { get; init; }
}
