using System.Text.Json.Serialization;

namespace RealtimeHub.Nodes;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(NodeCommand))]
internal sealed partial class NodeCommandJson : JsonSerializerContext;
