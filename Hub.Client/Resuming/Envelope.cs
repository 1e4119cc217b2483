using System.Text.Json.Serialization;

namespace RealtimeHub.Client.Resuming;

/// <summary>What came as a message. Of one that cannot be read there is as much as can be, so that those after it still come.</summary>
/// <param name="Address">Null if it is not told.</param>
/// <param name="Id">Null if it is not told.</param>
/// <param name="After">As in the message; null if it is not told.</param>
/// <param name="IsTransient">It stands in no log.</param>
/// <param name="Message">Null if it cannot be read.</param>
[JsonConverter(typeof(EnvelopeConverter))]
internal sealed record Envelope(string? Address, string? Id, string? After, bool IsTransient, PushMessage? Message)
{
    public static implicit operator Envelope(PushMessage message) =>
        new(message.Address, message.Id, message.After, message.IsTransient, message);
}
