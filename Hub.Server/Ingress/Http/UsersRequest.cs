using RealtimeHub.Operations;
using RealtimeHub.Presence;

namespace RealtimeHub.Ingress.Http;

/// <summary>The body of <c>POST /api/users/status</c>.</summary>
internal sealed record UsersRequest
{
    /// <summary>1 to 1,000 users.</summary>
    public required IReadOnlyList<string> Users { get; init; }

    /// <summary>What is wrong with it; null if nothing is.</summary>
    public string? Mistake() => Users.Count is < 1 or > IConnections.MaxUsers ? $"At $.users: must be an array of 1 to {IConnections.MaxUsers} users"
        : Users.Select((user, index) => Identifier.IsValid(user) ? null : $"At $.users[{index}]: {Identifier.Rule}").FirstOrDefault(mistake => mistake is not null);
}
