namespace RealtimeHub.Routing.Events;

/// <summary>What an event says of a message that was handled.</summary>
/// <param name="Message">Its id.</param>
/// <param name="Address">Where it was published to.</param>
/// <param name="Device">The device that has handled it first.</param>
internal sealed record HandledEvent(string Message, string Address, string Device);
