namespace RealtimeHub.Presence;

/// <summary>A connection whose client takes less than comes for it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="User">Its user; null if it has none.</param>
/// <param name="Client">What its client calls itself.</param>
/// <param name="Waiting">How many bytes wait.</param>
internal sealed record SlowConnection(string Id, string? User, string? Client, int Waiting);
