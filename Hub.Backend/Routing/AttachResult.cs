namespace RealtimeHub.Routing;

/// <summary>What an attach has come to. Who is refused is not in the directory.</summary>
/// <param name="Outcome">Which case it is.</param>
/// <param name="Head">The head of the address's log, as it stood when the connection was in the directory.</param>
/// <param name="Text">What the backend that has refused the user wants him to be told; null if nothing.</param>
internal readonly record struct AttachResult(AttachOutcome Outcome, Cursor Head = default, string? Text = null)
{
    /// <summary>The groups that its user is in for long; null if there are none.</summary>
    public IReadOnlyList<LastingGroup>? Lasting { get; init; }

    public bool IsAttached => Outcome == AttachOutcome.Attached;
}
