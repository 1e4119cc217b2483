using System.Text.Json.Serialization;

namespace RealtimeHub.Minting;

[JsonSerializable(typeof(MintedToken))]
internal sealed partial class MintingJson : JsonSerializerContext;
