namespace RealtimeHub.Nodes;

/// <summary>Tells a node what has happened to a user whom somebody follows there: the event stands behind the line.</summary>
/// <param name="User">The user.</param>
internal sealed record NoteFollowed(string User) : NodeCommand;
