using System.Text.Json.Serialization;

namespace RealtimeHub.Presence;

/// <summary>How nodes write to each other what they have been asked for.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(UserStatus[]))]
[JsonSerializable(typeof(NodeStatus))]
internal sealed partial class PresenceJson : JsonSerializerContext;
