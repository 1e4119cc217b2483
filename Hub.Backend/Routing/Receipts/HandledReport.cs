namespace RealtimeHub.Routing.Receipts;

/// <summary>How far a client says that it has handled an address.</summary>
/// <param name="Holder">Whose receipt it is: of a user's address the device, of a group the user.</param>
/// <param name="UpTo">The last message that was handled.</param>
/// <param name="After">Everything behind this one, and up to <paramref name="UpTo"/>, was handled.</param>
internal sealed record HandledReport(string Holder, Cursor UpTo, Cursor After)
{
    /// <summary>The message whose handler has failed, and behind which nothing counts as handled any more; null if there is none.</summary>
    public Cursor? Failed { get; init; }

    /// <summary>What the client calls itself, with its version.</summary>
    public string? Client { get; init; }
}
