using RealtimeHub.Client.Handling;

namespace RealtimeHub.Tests.Client;

/// <summary>What came out of a queue, in words: <c>user:alice 7</c> for a message of that type, <c>user:alice lost</c>.</summary>
internal static class Handled
{
    /// <summary>Handles everything that waits, as handlers without work to do would.</summary>
    public static IReadOnlyList<string> By(HandlingQueue queue) =>
        [.. Entries(queue).Where(entry => entry is not QueueEntry.Moved).Select(Word)];

    public static IEnumerable<QueueEntry> Entries(HandlingQueue queue)
    {
        while (queue.TryTake(out var entry))
        {
            queue.Done();
            yield return entry;
        }
    }

    private static string Word(QueueEntry entry) => $"{entry.Address} {(entry is QueueEntry.Message message ? message.Content.Type : "lost")}";
}
