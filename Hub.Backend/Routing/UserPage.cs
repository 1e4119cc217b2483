namespace RealtimeHub.Routing;

/// <summary>Some of those who are connected.</summary>
/// <param name="Users">Each with the connections that living nodes have of him, one at least.</param>
/// <param name="Next">Where the next page begins; null behind the last.</param>
internal sealed record UserPage(IReadOnlyList<KeyValuePair<Address, IReadOnlyList<AttachedConnection>>> Users, string? Next);
