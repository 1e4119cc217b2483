using RealtimeHub.Routing;

namespace RealtimeHub.Insight.Messages;

/// <summary>What was published to an address of late.</summary>
/// <param name="Address">Where to.</param>
/// <param name="LastMinute">How many messages in the last minute, as far as the log shows.</param>
/// <param name="LastFifteenMinutes">How many in the last fifteen.</param>
/// <param name="Messages">The newest, the last first, without their payloads.</param>
internal sealed record AddressLog(string Address, int LastMinute, int LastFifteenMinutes, IReadOnlyList<AddressLogMessage> Messages)
{
    public static AddressLog Of(Address address, LogTail tail) =>
        new(address.ToString(), tail.LastMinute, tail.LastFifteenMinutes, [.. tail.Newest.Select(AddressLogMessage.Of)]);
}
