namespace RealtimeHub.Routing;

/// <summary>The end of a log, as an operator looks at it.</summary>
/// <param name="LastMinute">How many messages were published in the last minute, as far as the log shows.</param>
/// <param name="LastFifteenMinutes">How many in the last fifteen.</param>
/// <param name="Newest">The newest messages, the last first.</param>
internal sealed record LogTail(int LastMinute, int LastFifteenMinutes, IReadOnlyList<TailEntry> Newest);
