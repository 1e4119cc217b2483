namespace RealtimeHub.Nodes;

/// <summary>A command of a kind that this version does not know, or none at all. It is skipped.</summary>
internal sealed record UnknownCommand(string Kind) : NodeCommand;
