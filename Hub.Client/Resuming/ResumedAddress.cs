namespace RealtimeHub.Client.Resuming;

/// <summary>What came after a cursor.</summary>
/// <param name="Recovered">Nothing is gone.</param>
/// <param name="Cursor">Where the client stands once it has handled <paramref name="Messages"/>.</param>
/// <param name="Messages">None of them was handled before.</param>
internal sealed record ResumedAddress(bool Recovered, string Cursor, IReadOnlyList<Envelope> Messages);
