using System.Text.Json.Serialization;

namespace RealtimeHub.Operations;

/// <summary>A refusal as it is sent: problem details (RFC 9457).</summary>
internal sealed record Problem(string Type, string Title, int Status, string Detail, string Code)
{
    /// <summary>See <see cref="DocumentationLink.ContractAt"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Documentation { get; init; }
}
