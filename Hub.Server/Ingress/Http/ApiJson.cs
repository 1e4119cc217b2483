using System.Text.Json.Serialization;
using RealtimeHub.Tokens;

namespace RealtimeHub.Ingress.Http;

/// <summary>Strict, where stored records are lenient: a backend that misspells a field is told so.</summary>
/// <remarks>
/// Whatever a body has room for may be nested in it, so that the rule of payloads can say what is wrong. What nests is passed over, not
/// descended into.
/// </remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    MaxDepth = BatchEndpoint.LargestBody,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(TokenRecord))]
[JsonSerializable(typeof(MessageRequest))]
[JsonSerializable(typeof(PublishedMessage))]
[JsonSerializable(typeof(BatchRequest))]
[JsonSerializable(typeof(BatchMessage))]
[JsonSerializable(typeof(BatchAnswer))]
internal sealed partial class ApiJson : JsonSerializerContext;
