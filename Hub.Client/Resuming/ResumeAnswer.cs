namespace RealtimeHub.Client.Resuming;

/// <summary>One page of the answer of <c>Resume</c>.</summary>
/// <param name="Addresses">What came after each cursor. An address that the page had no room for is missing.</param>
/// <param name="Refused">Addresses that are not the connection's own.</param>
/// <param name="More">Whether the client must call again.</param>
internal sealed record ResumeAnswer(IReadOnlyDictionary<string, ResumedAddress> Addresses, IReadOnlyList<string>? Refused, bool More);
