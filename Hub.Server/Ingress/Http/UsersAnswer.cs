using RealtimeHub.Presence;

namespace RealtimeHub.Ingress.Http;

/// <summary>What was asked for of each user, in the order of the request.</summary>
internal sealed record UsersAnswer(IReadOnlyList<UserStatus> Users);
