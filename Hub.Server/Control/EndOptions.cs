using RealtimeHub.Operations;

namespace RealtimeHub.Control;

/// <summary>What clients are told whose connections are ended.</summary>
public sealed class EndOptions
{
    /// <summary>The longest reason, in UTF-16 code units.</summary>
    public const int MaxReasonLength = 256;

    internal const string ReasonRule = "must be 1 to 256 characters without control characters";

    /// <summary>A sentence for people, as they are to read it: 1 to <see cref="MaxReasonLength"/> characters, no control characters.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether the clients may come back, with a new token. True by default. Stock clients follow it.</summary>
    public bool MayComeBack { get; init; } = true;

    internal static bool IsReason(string? reason) => reason is null || Identifier.IsValid(reason, MaxReasonLength);
}
