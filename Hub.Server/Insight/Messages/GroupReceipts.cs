namespace RealtimeHub.Insight.Messages;

/// <summary>Who of a group has handled a message. Of each user only one receipt is kept, and of 10,000 users at the most.</summary>
/// <param name="HandledCount">How many.</param>
/// <param name="FailedCount">With how many a handler has thrown.</param>
/// <param name="HandledBy">The first twenty of those who have handled it, by name.</param>
internal sealed record GroupReceipts(int HandledCount, int FailedCount, IReadOnlyList<string> HandledBy);
