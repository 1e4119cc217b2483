using System.Text.Json.Serialization;

namespace RealtimeHub.Ingress.Http;

/// <summary>What a backend sends to publish many messages, each to an address of its own.</summary>
internal sealed record BatchRequest
{
    public const int MaxMessages = 1_000;

    /// <summary>1 to <see cref="MaxMessages"/>. Those of one address are published in this order.</summary>
    [JsonConverter(typeof(BatchConverter))]
    public required IReadOnlyList<BatchItem> Messages { get; init; }
}
