using System.Text.Json.Serialization;

namespace RealtimeHub.Connections;

/// <summary>The answer to <c>POST /hub/refresh</c>, in SignalR's words.</summary>
/// <param name="ConnectionId">The connection.</param>
/// <param name="RefreshedAt">When it was renewed.</param>
/// <param name="TokenLifetimeSeconds">How long the new token lets it stay; null if for ever.</param>
internal sealed record RefreshAnswer(
    [property: JsonPropertyName("connectionId")] string ConnectionId,
    [property: JsonPropertyName("refreshedAt")] DateTimeOffset RefreshedAt,
    [property: JsonPropertyName("tokenLifetimeSeconds"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    int? TokenLifetimeSeconds);
