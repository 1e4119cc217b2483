using System.Text.Json.Serialization;

namespace RealtimeHub.Client.Resuming;

/// <summary>
/// A received message. If it cannot be read, this holds the parts that can, so that the messages after it can still be ordered.
/// </summary>
/// <param name="Address">Null if it is unknown.</param>
/// <param name="Id">Null if it is unknown.</param>
/// <param name="After">As in the message; null if it is unknown.</param>
/// <param name="IsTransient">Whether it is in no log.</param>
/// <param name="Message">Null if it cannot be read.</param>
[JsonConverter(typeof(EnvelopeConverter))]
internal sealed record Envelope(string? Address, string? Id, string? After, bool IsTransient, PushMessage? Message)
{
    public static implicit operator Envelope(PushMessage message) =>
        new(message.Address, message.Id, message.After, message.IsTransient, message);
}
