using System.Text.Json.Serialization;

namespace RealtimeHub.Resuming;

/// <summary>Where a client begins at an address for which it has no cursor.</summary>
[JsonConverter(typeof(ResumeFromConverter))]
public enum ResumeFrom
{
    /// <summary>At the end of the log: the client gets what is published from now on.</summary>
    [JsonStringEnumMemberName("head")]
    Head,

    /// <summary>At the beginning of the log: the client first gets everything that is kept.</summary>
    [JsonStringEnumMemberName("retained")]
    Retained,
}
