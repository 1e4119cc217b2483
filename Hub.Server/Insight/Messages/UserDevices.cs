namespace RealtimeHub.Insight.Messages;

/// <summary>How far the devices of a user have come.</summary>
/// <param name="User">The user.</param>
/// <param name="Devices">The one first that was heard of last; at most 20.</param>
internal sealed record UserDevices(string User, IReadOnlyList<UserDevice> Devices);
