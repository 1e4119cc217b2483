namespace RealtimeHub.Presence;

/// <summary>Whether a user is online.</summary>
/// <param name="User">His name.</param>
/// <param name="Online">Whether he has any connection.</param>
/// <param name="ConnectionCount">How many; of a group's member, how many in the group.</param>
public sealed record UserStatus(string User, bool Online, int ConnectionCount)
{
    internal static UserStatus Of(string user, int connectionCount) => new(user, connectionCount > 0, connectionCount);
}
