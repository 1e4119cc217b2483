namespace RealtimeHub.Client.Resuming;

/// <summary>The argument of <c>Resume</c>.</summary>
/// <param name="Cursors">Where the client stands, by address.</param>
/// <param name="From">For the connection's other addresses: null leaves them out.</param>
internal sealed record ResumeRequest(IReadOnlyDictionary<string, string> Cursors, ResumeFrom? From);
