using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

/// <summary>What a look at the groups of a user has changed for one of his connections.</summary>
/// <param name="Entered">The groups that it is in now, and was not.</param>
/// <param name="Left">The groups that it is in no more.</param>
/// <param name="Refused">How many it is not in, because it is in as many as it may be.</param>
internal readonly record struct GroupChanges(IReadOnlyList<Address>? Entered, IReadOnlyList<Address>? Left, int Refused);
