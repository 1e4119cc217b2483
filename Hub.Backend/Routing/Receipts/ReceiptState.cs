namespace RealtimeHub.Routing.Receipts;

/// <summary>What has become of a message on one device, or with one user of a group.</summary>
internal enum ReceiptState
{
    /// <summary>Its handlers have returned.</summary>
    Handled,

    /// <summary>Its handler has thrown.</summary>
    Failed,

    /// <summary>Nothing was said of it yet.</summary>
    Waiting,

    /// <summary>
    /// What came behind it was handled, and nobody has ever said that this was: its page was closed before, or it was lost there.
    /// </summary>
    Passed,

    /// <summary>It was published before all that is known of.</summary>
    Before,
}
