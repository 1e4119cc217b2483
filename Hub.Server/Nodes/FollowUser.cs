namespace RealtimeHub.Nodes;

/// <summary>Asks a node to tell what happens to a user, for fifteen seconds from now on. It is asked again for longer.</summary>
/// <param name="User">The user.</param>
internal sealed record FollowUser(string User) : NodeRequest;
