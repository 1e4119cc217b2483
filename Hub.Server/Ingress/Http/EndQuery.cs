using System.Diagnostics.CodeAnalysis;
using Microsoft.OpenApi;
using RealtimeHub.Control;
using RealtimeHub.Ingress.Http.Reference;

namespace RealtimeHub.Ingress.Http;

/// <summary>What clients are told whose connections are ended: <c>?reason=…&amp;mayComeBack=…</c>.</summary>
internal static class EndQuery
{
    /// <summary>Both, for the reference.</summary>
    public static IReadOnlyList<ApiParameter> Parameters { get; } =
    [
        new("reason", "What the clients are told, for people to read.", new OpenApiSchema
        {
            Type = JsonSchemaType.String, MinLength = 1, MaxLength = EndOptions.MaxReasonLength,
        }),
        new("mayComeBack", "Whether the clients may come back, with a new token.", new OpenApiSchema
        {
            Type = JsonSchemaType.Boolean, Default = true,
        }),
    ];

    /// <summary>Reads it, or says what is wrong.</summary>
    public static bool TryRead(HttpRequest request, [NotNullWhen(true)] out EndOptions? options, [NotNullWhen(false)] out string? mistake)
    {
        var (reason, mayComeBack) = (request.Query["reason"], request.Query["mayComeBack"]);
        var text = reason is [var said] ? said : null;
        mistake = reason.Count > 1 || mayComeBack.Count > 1 ? "reason and mayComeBack may stand in the query once each."
            : !EndOptions.IsReason(text) ? $"reason {EndOptions.ReasonRule}."
            : mayComeBack is not ([] or ["true"] or ["false"]) ? "mayComeBack must be true or false."
            : null;
        options = mistake is null ? new EndOptions { Reason = text, MayComeBack = mayComeBack is not ["false"] } : null;
        return mistake is null;
    }
}
