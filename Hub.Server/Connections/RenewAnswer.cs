using System.Text.Json.Serialization;

namespace RealtimeHub.Connections;

/// <summary>The answer of <c>PushHub.Renew</c>.</summary>
/// <param name="TokenLifetimeSeconds">How long the new token lets the connection stay, in whole seconds; null if for ever.</param>
public sealed record RenewAnswer(
    [property: JsonPropertyName("tokenLifetimeSeconds"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    int? TokenLifetimeSeconds);
