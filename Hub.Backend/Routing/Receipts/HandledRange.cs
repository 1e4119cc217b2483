namespace RealtimeHub.Routing.Receipts;

/// <summary>Messages of one log that were handled one after the other, none of them left out.</summary>
/// <param name="After">The offset behind which they begin.</param>
/// <param name="UpTo">The offset of the last; as <paramref name="After"/> if there are none yet.</param>
/// <param name="At">When that was known: they were handled by then.</param>
internal readonly record struct HandledRange(ulong After, ulong UpTo, DateTimeOffset At)
{
    public bool Has(Cursor message) => message.Offset > After && message.Offset <= UpTo;
}
