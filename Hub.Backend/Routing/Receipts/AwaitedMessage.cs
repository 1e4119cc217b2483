namespace RealtimeHub.Routing.Receipts;

/// <summary>A message whose receipt was awaited, and that is handled now.</summary>
/// <param name="Address">Where it was published to.</param>
/// <param name="Id">The message.</param>
/// <param name="By">Who awaits it: a node, or <see cref="Event"/>.</param>
/// <param name="Holder">Who has handled it.</param>
internal readonly record struct AwaitedMessage(Address Address, Cursor Id, string By, string Holder)
{
    /// <summary>Awaits it in the place of a backend that is to have an event.</summary>
    public const string Event = "event";
}
