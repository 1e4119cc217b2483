namespace RealtimeHub.Ingress.Http;

/// <summary>What a backend is told of the message that it has published.</summary>
/// <param name="Id">The message's id; with an idempotency key that was seen before, the id of the first.</param>
internal sealed record PublishedMessage(string Id);
