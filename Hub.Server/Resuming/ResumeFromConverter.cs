using System.Text.Json.Serialization;

namespace RealtimeHub.Resuming;

/// <summary>By name only.</summary>
internal sealed class ResumeFromConverter() : JsonStringEnumConverter<ResumeFrom>(namingPolicy: null, allowIntegerValues: false);
