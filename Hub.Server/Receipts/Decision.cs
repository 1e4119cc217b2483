using System.Text.Json.Serialization;

namespace RealtimeHub.Receipts;

/// <summary>What a node has done with a message for one connection.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Decision>))]
internal enum Decision
{
    /// <summary>It was written to the connection.</summary>
    [JsonStringEnumMemberName("sent")]
    Sent,

    /// <summary>It waits until the client has taken what came before.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    /// <summary>The connection came when the message had been delivered: it gets it by resuming, if its cursor lies before.</summary>
    [JsonStringEnumMemberName("joinedLater")]
    JoinedLater,

    /// <summary>The connection does not get what is published to the address.</summary>
    [JsonStringEnumMemberName("noMember")]
    NoMember,

    /// <summary>The message has not come to the node.</summary>
    [JsonStringEnumMemberName("notHere")]
    NotHere,

    /// <summary>The connection was over before the message came.</summary>
    [JsonStringEnumMemberName("endedBefore")]
    EndedBefore,

    /// <summary>The connection is over, and was there when the message came. What waited for it then was not sent.</summary>
    [JsonStringEnumMemberName("endedSince")]
    EndedSince,
}
