using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RealtimeHub.Tokens;

[JsonSourceGenerationOptions(
    AllowDuplicateProperties = false, RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenRecord))]
[JsonSerializable(typeof(SeedRecord))]
internal sealed partial class TokenJson : JsonSerializerContext
{
    /// <summary>
    /// For what lies in Redis: nothing is escaped that need not be, so that a record takes no more room than its minter gave it.
    /// </summary>
    public static TokenJson Stored =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
