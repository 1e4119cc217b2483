using System.Text.Json.Serialization;

namespace RealtimeHub.Resuming;

/// <summary>Reads and writes <see cref="ResumeFrom"/> by name; a number is refused.</summary>
internal sealed class ResumeFromConverter() : JsonStringEnumConverter<ResumeFrom>(namingPolicy: null, allowIntegerValues: false);
