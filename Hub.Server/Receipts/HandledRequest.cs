using System.Text.Json.Serialization;

namespace RealtimeHub.Receipts;

/// <summary>The argument of <c>PushHub.Handled</c>.</summary>
/// <param name="Device">
/// What the client calls itself, the same as long as it keeps its cursors: 1 to 64 characters of A–Z, a–z, 0–9, <c>-</c> and <c>_</c>.
/// </param>
/// <param name="Addresses">By address, how far it is.</param>
public sealed record HandledRequest(
    [property: JsonPropertyName("device")] string? Device = null,
    [property: JsonPropertyName("addresses")] IReadOnlyDictionary<string, HandledAddress>? Addresses = null);
