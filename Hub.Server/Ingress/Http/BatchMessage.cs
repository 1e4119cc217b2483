using RealtimeHub.Routing;

namespace RealtimeHub.Ingress.Http;

/// <summary>A message of a batch: the fields of a single message, and the address it goes to.</summary>
internal sealed record BatchMessage : MessageRequest
{
    public required Address Address { get; init; }
}
