using System.Text.Json.Serialization;

namespace RealtimeHub.Delivery;

/// <summary>The argument of the client method <c>Renew</c>.</summary>
/// <param name="WithinSeconds">How long the client has, before its connection is ended.</param>
internal sealed record RenewCall([property: JsonPropertyName("withinSeconds")] int WithinSeconds);
