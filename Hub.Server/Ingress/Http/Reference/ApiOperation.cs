using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Operations;

namespace RealtimeHub.Ingress.Http.Reference;

/// <summary>What the reference says about a path of the API, besides the types of its bodies.</summary>
internal sealed record ApiOperation
{
    public required string Name { get; init; }

    /// <summary>What it stands with in the page.</summary>
    public required string Tag { get; init; }

    public required string Summary { get; init; }

    public required string Description { get; init; }

    /// <summary>What a key must be good for.</summary>
    public required ApiScope Scope { get; init; }

    /// <summary>What may stand in its query: the names, and what they mean.</summary>
    public IReadOnlyList<ApiParameter> Query { get; init; } = [];

    /// <summary>The status of an answer that is no refusal.</summary>
    public required int Status { get; init; }

    /// <summary>An example of a body, which a test sends; null if it takes none.</summary>
    public string? Request { get; init; }

    /// <summary>The answer to that. Ids and tokens differ each time.</summary>
    public required string Answer { get; init; }

    /// <summary>Its own refusals; those of every path are added. If two have the same status and code, the first counts.</summary>
    public required IReadOnlyList<Refusal> Refusals { get; init; }

    private static Refusal[] OfBodies =>
    [
        ApiRefusals.BodyTooLarge(JsonBody.LargestBody),
        ApiRefusals.NotJson("Send Content-Type: application/json, in UTF-8 and without Content-Encoding."),
    ];

    public IEnumerable<Refusal> AllRefusals => Refusals
        .Concat([ApiRefusals.KeyRefused, ApiRefusals.ScopeMissing(Scope, "shop"), .. Request is null ? [] : OfBodies])
        .DistinctBy(refusal => refusal.Code)
        .OrderBy(refusal => refusal.Status);
}
