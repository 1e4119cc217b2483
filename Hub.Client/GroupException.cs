namespace RealtimeHub.Client;

/// <summary>
/// The client is not in a group that it was to join. <see cref="PushException.Code"/> is the hub's reason: <c>group_refused</c>,
/// <c>name_invalid</c>, <c>groups_full</c>, or <c>join_failed</c> if it gave none; <c>left</c> if the group was left before. If the client
/// had joined it and may not join again, <see cref="PushClient.OnError(Func{Exception, Task})"/> tells. The connection stays.
/// </summary>
public sealed class GroupException : PushException
{
    private GroupException(string code, string group, string sentence, Exception? cause = null)
        : base(code, $"The client is not in the group '{group}': {code}: {sentence}", cause) => Group = group;

    /// <summary>The name of the group.</summary>
    public string Group { get; }

    /// <summary>
    /// Whether the hub says no. An error without the words of a hub is an accident, and may go well later, as when Redis is away.
    /// </summary>
    internal static bool IsFinal(Exception failure) =>
        failure.Message.Contains("HubException: ", StringComparison.Ordinal)
        && !(HubWords.TryRead(failure.Message, out var code, out _) && code is "store_unavailable" or "connection_unknown");

    /// <summary>The hub has said no.</summary>
    internal static GroupException Of(string group, Exception refusal) => HubWords.TryRead(refusal.Message, out var code, out var sentence)
        ? new(code, group, sentence, refusal)
        : new("join_failed", group, refusal.Message, refusal);

    /// <summary>The application has left the group.</summary>
    internal static GroupException Left(string group) => new("left", group, "It was left before the client had joined it.");
}
