using System.Text.RegularExpressions;

namespace RealtimeHub.Client;

/// <summary>
/// The hub has ended an open connection and said why: <see cref="PushException.Code"/> is <c>node_stopping</c>, <c>token_expired</c> or
/// another code of docs/protocol.md. The client connects again.
/// </summary>
public sealed partial class EndedException : PushException
{
    private EndedException(string code, string sentence, Exception cause)
        : base(code, $"The hub ended the connection with {code}: {sentence}", cause)
    {
    }

    /// <summary>Reads the reason out of the stock client's words; null if the hub gave none.</summary>
    internal static EndedException? Of(Exception reason) =>
        Words().Match(reason.Message) is { Success: true } words ? new(words.Groups["code"].Value, words.Groups["sentence"].Value, reason) : null;

    [GeneratedRegex(@"with the following error: (?<code>[a-z]+(?:_[a-z]+)*): (?<sentence>.+)$", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Words();
}
