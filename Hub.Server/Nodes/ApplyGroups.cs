namespace RealtimeHub.Nodes;

/// <summary>Asks a node to look at the groups that last for a user, and to have his connections follow.</summary>
internal sealed record ApplyGroups(string User) : NodeRequest;
