using System.Text.Json;

namespace RealtimeHub.Bench.Peers;

/// <summary>What a backend asks a peer to push, and what its clients get.</summary>
/// <param name="Type">What handlers are chosen by.</param>
/// <param name="Payload">Any JSON.</param>
internal sealed record PeerMessage(string Type, JsonElement Payload);
