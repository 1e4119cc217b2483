using RealtimeHub.Control;

namespace RealtimeHub.Ingress.Http;

/// <summary>The body of <c>PUT /api/users/{user}/ban</c>.</summary>
internal sealed record BanRequest
{
    public required DateTimeOffset Until { get; init; }

    public string? Reason { get; init; }

    public string? Mistake(DateTimeOffset now) =>
        Until <= now ? "At $.until: must be a time to come, such as 2027-01-31T12:00:00Z"
        : !EndOptions.IsReason(Reason) ? $"At $.reason: {EndOptions.ReasonRule}"
        : null;
}
