using System.Text.Json.Serialization;

namespace RealtimeHub.Ingress;

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

    public static BatchResult StoreUnavailable { get; } = new() { Code = ApiRefusals.StoreUnavailable.Code, Detail = ApiRefusals.StoreUnavailable.Detail };

    public static BatchResult IdempotencyConflict { get; } = new() { Code = ApiRefusals.IdempotencyConflict.Code, Detail = ApiRefusals.IdempotencyConflict.Detail };

    public static BatchResult Published(string id) => new() { Id = id };

    public static BatchResult Invalid(string mistake) => new() { Code = "message_invalid", Detail = mistake };
}
