using System.Text.Json.Serialization;

namespace RealtimeHub.Receipts;

/// <summary>How nodes write to each other what they have found.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NodeFinding))]
internal sealed partial class FindingJson : JsonSerializerContext;
