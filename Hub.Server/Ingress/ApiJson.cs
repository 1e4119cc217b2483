using System.Text.Json.Serialization;
using RealtimeHub.Tokens;

namespace RealtimeHub.Ingress;

/// <summary>Strict, where stored records are lenient: a backend that misspells a field is told so.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(TokenRecord))]
[JsonSerializable(typeof(MessageRequest))]
[JsonSerializable(typeof(PublishedMessage))]
[JsonSerializable(typeof(BatchRequest))]
[JsonSerializable(typeof(BatchMessage))]
[JsonSerializable(typeof(BatchAnswer))]
internal sealed partial class ApiJson : JsonSerializerContext;
