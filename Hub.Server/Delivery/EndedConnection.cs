using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

/// <summary>A connection of this node that is over.</summary>
/// <param name="Id">Its id.</param>
/// <param name="User">Its user.</param>
/// <param name="Details">What was known of it.</param>
/// <param name="EndedAt">When it was over.</param>
/// <param name="Code">Why the hub has ended it; null if its client has gone.</param>
/// <param name="JoinedAt">The head of its user's log when it came; null if that was not known.</param>
/// <param name="Head">The same when it went.</param>
internal sealed record EndedConnection(
    string Id, Address User, ConnectionDetails Details, DateTimeOffset EndedAt, string? Code, Cursor? JoinedAt, Cursor? Head);
