namespace RealtimeHub.Routing.Events;

/// <summary>That one node may send the events of a user, and nobody else meanwhile.</summary>
/// <param name="User">Whose events.</param>
/// <param name="Until">When it ends, in milliseconds since 1970 by the clock of the store. It tells one lease from another.</param>
internal readonly record struct EventLease(Address User, long Until);
