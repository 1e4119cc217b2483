namespace RealtimeHub.Client.Joining;

/// <summary>What the groups of a client ask of one connection.</summary>
/// <param name="JoinAsync">
/// Returns when the connection is in the group, and the client knows where it stands there. Throws a <see cref="GroupException"/> if the hub
/// refuses it, and something else if it may go well later.
/// </param>
/// <param name="LeaveAsync">
/// Returns when the connection is in the group no more, unless something else keeps it there. Throws likewise.
/// </param>
internal sealed record GroupCalls(Func<string, CancellationToken, Task> JoinAsync, Func<string, CancellationToken, Task> LeaveAsync);
