namespace RealtimeHub.Routing;

/// <summary>A connection that may come back with the secret under which it is kept.</summary>
/// <param name="User">Its user.</param>
/// <param name="Id">Its <c>ConnectionId</c>.</param>
/// <param name="Details">What the directory knows, or knew, of it.</param>
/// <param name="Record">The record of its token.</param>
/// <param name="Until">Until when it may come back; null while it is attached.</param>
internal sealed record KeptConnection(
    Address User, string Id, ConnectionDetails Details, ReadOnlyMemory<byte> Record, DateTimeOffset? Until = null)
{
    /// <summary>Whether it may come back no more.</summary>
    public bool IsOver(DateTimeOffset now) => Until <= now || Details.Expires <= now;
}
