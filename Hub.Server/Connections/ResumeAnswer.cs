namespace RealtimeHub.Connections;

/// <summary>What <see cref="PushHub.Resume"/> answers.</summary>
/// <param name="Addresses">By address, what the client has missed there.</param>
/// <param name="Refused">What was asked for and is none of the connection's addresses.</param>
/// <param name="More">Whether this page had no room for all: the client calls again, with its new cursors.</param>
public sealed record ResumeAnswer(IReadOnlyDictionary<string, ResumedAddress> Addresses, IReadOnlyList<string> Refused, bool More);
