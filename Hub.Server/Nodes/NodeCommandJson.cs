using System.Text.Json.Serialization;

namespace RealtimeHub.Nodes;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(NodeCommand))]
[JsonSerializable(typeof(DrainAnswer))]
[JsonSerializable(typeof(EndAnswer))]
[JsonSerializable(typeof(RenewalAnswer))]
internal sealed partial class NodeCommandJson : JsonSerializerContext;
