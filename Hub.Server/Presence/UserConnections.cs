namespace RealtimeHub.Presence;

/// <summary>A user and his connections.</summary>
/// <param name="User">His name.</param>
/// <param name="Online">Whether there is any.</param>
/// <param name="Connections">All of them, oldest first.</param>
public sealed record UserConnections(string User, bool Online, IReadOnlyList<UserConnection> Connections);
