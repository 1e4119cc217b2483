using RealtimeHub.Control;

namespace RealtimeHub.Ingress.Http;

/// <summary>The groups that a user is in for long, in the order of their names.</summary>
internal sealed record GroupsAnswer(IReadOnlyList<UserGroup> Groups);
