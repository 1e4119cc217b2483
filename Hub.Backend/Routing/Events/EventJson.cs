using System.Text.Json.Serialization;

namespace RealtimeHub.Routing.Events;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ConnectionEvent))]
[JsonSerializable(typeof(HandledEvent))]
[JsonSerializable(typeof(LossEvent))]
[JsonSerializable(typeof(RefusalEvent))]
[JsonSerializable(typeof(string))]
internal sealed partial class EventJson : JsonSerializerContext;
