namespace RealtimeHub.Client;

/// <summary>
/// The hub has ended the connection and said why: <see cref="PushException.Code"/> is <c>node_stopping</c>, <c>ended</c> or another code of
/// docs/protocol.md. If the client may come back, it connects again. Otherwise it is stopped.
/// </summary>
public sealed class EndedException : PushException
{
    private EndedException(string code, string reason, bool mayComeBack)
        : base(code, $"The hub ended the connection with {code}: {reason}") => (Reason, MayComeBack) = (reason, mayComeBack);

    /// <summary>Why, as a sentence for people. It may be the backend's own.</summary>
    public string Reason { get; }

    /// <summary>Whether the client connects again by itself. If not, it stays stopped until it is started again.</summary>
    public bool MayComeBack { get; }

    /// <summary>
    /// Reads what the hub says as it closes the connection; null if that has no code. Then it was nobody's decision, and whether the client
    /// may come back means nothing.
    /// </summary>
    /// <param name="words">What it says.</param>
    /// <param name="mayComeBack">What it says of coming back.</param>
    /// <param name="isMoving">
    /// Whether the client has tried to replace this connection. If it is replaced though nothing has come of that, there is no other.
    /// </param>
    internal static EndedException? Of(string? words, bool mayComeBack, bool isMoving) =>
        HubWords.TryRead(words ?? "", out var code, out var sentence) && words!.StartsWith(code, StringComparison.Ordinal)
            ? new(code, sentence, mayComeBack || (isMoving && code == "replaced"))
            : null;
}
