using System.Text.RegularExpressions;

namespace RealtimeHub.Client;

/// <summary>
/// The hub has ended the connection and said why: <see cref="PushException.Code"/> is <c>node_stopping</c>, <c>ended</c> or another code of
/// docs/protocol.md. If the client may come back, it connects again. Otherwise it is stopped.
/// </summary>
public sealed partial class EndedException : PushException
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
    internal static EndedException? Of(string? words, bool mayComeBack) =>
        Words().Match(words ?? "") is { Success: true } match ? new(match.Groups["code"].Value, match.Groups["sentence"].Value, mayComeBack) : null;

    [GeneratedRegex(@"^(?<code>[a-z]+(?:_[a-z]+)*): (?<sentence>.+)$", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Words();
}
