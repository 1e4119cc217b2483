using RealtimeHub.Control;
using RealtimeHub.Operations;
using RealtimeHub.Tokens;

namespace RealtimeHub.Ingress.Http;

/// <summary>The body of <c>POST /api/connections/end</c>.</summary>
internal sealed record EndRequest
{
    /// <summary>Whose connections.</summary>
    public required string Label { get; init; }

    public string? Reason { get; init; }

    public bool MayComeBack { get; init; } = true;

    public string? Mistake() =>
        !Identifier.IsValid(Label, TokenRecord.MaxLabelLength) ? "At $.label: must be 1 to 64 characters without control characters"
        : !EndOptions.IsReason(Reason) ? $"At $.reason: {EndOptions.ReasonRule}"
        : null;
}
