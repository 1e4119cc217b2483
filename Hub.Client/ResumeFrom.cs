using System.Text.Json.Serialization;

namespace RealtimeHub.Client;

/// <summary>Where a client begins in the log of an address at which it has no cursor.</summary>
public enum ResumeFrom
{
    /// <summary>At the end: it gets what is published from now on.</summary>
    [JsonStringEnumMemberName("head")]
    Head,

    /// <summary>
    /// At the beginning: it first gets everything that the hub retains, by default up to 1,000 messages of the last seven days.
    /// </summary>
    [JsonStringEnumMemberName("retained")]
    Retained,
}
