using System.Text.Json.Serialization;
using RealtimeHub.Authentication;

namespace RealtimeHub.Presence;

/// <summary>How nodes write to each other what they have been asked for.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(UserStatus[]))]
[JsonSerializable(typeof(NodeStatus))]
[JsonSerializable(typeof(FollowedEvent))]
[JsonSerializable(typeof(NodeLoad))]
internal sealed partial class PresenceJson : JsonSerializerContext;
