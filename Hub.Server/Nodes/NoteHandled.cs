using RealtimeHub.Routing;

namespace RealtimeHub.Nodes;

/// <summary>Tells a node that a message is handled whose receipt somebody awaits there.</summary>
/// <param name="Address">Where it was published to.</param>
/// <param name="Id">The message.</param>
/// <param name="Holder">The device, or the user of a group, that has handled it.</param>
internal sealed record NoteHandled(Address Address, string Id, string Holder) : NodeCommand;
