using System.Text.Json.Serialization;
using RealtimeHub.Operations;

namespace RealtimeHub.Ingress.Http;

/// <summary>What became of a message of a batch: its id, or why it was not published.</summary>
internal sealed record BatchResult
{
    /// <summary>As <see cref="PublishedMessage.Id"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Code { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    public static BatchResult Refused(Refusal refusal) => new() { Code = refusal.Code, Detail = refusal.Detail };

    public static BatchResult IdempotencyConflict { get; } = Refused(ApiRefusals.IdempotencyConflict);

    public static BatchResult Published(string id) => new() { Id = id };

    public static BatchResult Invalid(string mistake) => new() { Code = "message_invalid", Detail = mistake };
}
