namespace RealtimeHub.Client.Resuming;

/// <summary>What came after a cursor.</summary>
/// <param name="Recovered">Whether nothing is gone.</param>
/// <param name="Cursor">The client's cursor once it has handled <paramref name="Messages"/>.</param>
/// <param name="Messages">None of them was handled before.</param>
internal sealed record ResumedAddress(bool Recovered, string Cursor, IReadOnlyList<Envelope> Messages);
