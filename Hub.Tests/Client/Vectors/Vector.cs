using System.Text.Json;

namespace RealtimeHub.Tests.Client.Vectors;

/// <summary>One rule of the protocol, by example.</summary>
/// <param name="Name">The rule, as a sentence.</param>
/// <param name="Input">What happens.</param>
/// <param name="Expected">What a client makes of it.</param>
internal sealed record Vector(string Name, JsonElement Input, JsonElement Expected);
