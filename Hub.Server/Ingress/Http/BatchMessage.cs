using RealtimeHub.Routing;

namespace RealtimeHub.Ingress.Http;

/// <summary>A message of a batch: what a single one is, and where it goes.</summary>
internal sealed record BatchMessage : MessageRequest
{
    public required Address Address { get; init; }
}
