using System.Text.Json.Serialization;

namespace RealtimeHub.Delivery;

/// <summary>The argument of the client method <c>Connected</c>.</summary>
/// <param name="ReconnectSecret">What the client comes back with.</param>
/// <param name="TokenLifetimeSeconds">How long its token still lets it stay; null for ever.</param>
internal sealed record ConnectedCall(
    [property: JsonPropertyName("reconnectSecret")] string ReconnectSecret,
    [property: JsonPropertyName("tokenLifetimeSeconds"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    long? TokenLifetimeSeconds);
