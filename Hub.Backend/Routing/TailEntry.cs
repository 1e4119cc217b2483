namespace RealtimeHub.Routing;

/// <summary>A message at the end of a log.</summary>
/// <param name="Id">Its id.</param>
/// <param name="PublishedAt">When it was published.</param>
/// <param name="TimeToLive">How long after that it may be delivered; null: as long as it is kept.</param>
/// <param name="Publisher"><inheritdoc cref="LogEntry.Publisher" path="/summary"/></param>
/// <param name="Bytes">How long its body is: see <see cref="RoutedMessage"/>.</param>
/// <param name="Opening">The body's first bytes: what stands before the payload, and maybe some of that.</param>
internal readonly record struct TailEntry(
    Cursor Id, DateTimeOffset PublishedAt, TimeSpan? TimeToLive, string? Publisher, int Bytes, ReadOnlyMemory<byte> Opening)
{
    /// <summary>The most bytes of a body that are looked at. The longest address and type have half of them.</summary>
    public const int MaxOpening = 4_096;
}
