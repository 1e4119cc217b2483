namespace RealtimeHub.Client;

/// <summary>One push, with its payload read as a <typeparamref name="TPayload"/>.</summary>
/// <param name="Id">Unique. Compare it for equality, nothing else.</param>
/// <param name="After">The id of the message before it in the log of its address; null if it is transient and stands in no log.</param>
/// <param name="Address">Where it was published to: <c>user:alice</c>, <c>group:room1</c> or <c>everyone</c>.</param>
/// <param name="Type">The word by which handlers are chosen, such as <c>order.shipped</c>.</param>
/// <param name="Payload">Null if the backend published <c>null</c>.</param>
/// <param name="Time">When it was published, in UTC.</param>
public sealed record PushMessage<TPayload>(string Id, string? After, string Address, string Type, TPayload? Payload, DateTimeOffset Time)
{
    /// <inheritdoc cref="PushMessage.TraceParent"/>
    public string? TraceParent { get; init; }
}
