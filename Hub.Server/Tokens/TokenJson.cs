using System.Text.Json.Serialization;

namespace RealtimeHub.Tokens;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenRecord))]
[JsonSerializable(typeof(SeedRecord))]
[JsonSerializable(typeof(MintedToken))]
internal sealed partial class TokenJson : JsonSerializerContext;
