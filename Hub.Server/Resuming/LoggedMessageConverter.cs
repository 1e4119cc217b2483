using System.Text.Json;
using System.Text.Json.Serialization;

namespace RealtimeHub.Resuming;

internal sealed class LoggedMessageConverter : JsonConverter<LoggedMessage>
{
    public override LoggedMessage Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("The hub answers with logged messages and takes none.");

    public override void Write(Utf8JsonWriter writer, LoggedMessage value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.ToJson(), skipInputValidation: true);
}
