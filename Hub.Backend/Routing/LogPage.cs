namespace RealtimeHub.Routing;

/// <summary>What a log holds after a cursor, or the first part of it.</summary>
/// <param name="Recovered">
/// True: <paramref name="Messages"/> is all that came after the cursor. False: something is gone, and they are those still retained with a
/// higher offset than the cursor's, none of which was handled before.
/// </param>
/// <param name="Cursor">Where a client stands that has handled <paramref name="Messages"/>.</param>
/// <param name="Messages">In the order of the log, without those whose time to live is over.</param>
/// <param name="More">Whether the limit ended the page before the log did.</param>
internal sealed record LogPage(bool Recovered, Cursor Cursor, IReadOnlyList<RoutedMessage> Messages, bool More);
