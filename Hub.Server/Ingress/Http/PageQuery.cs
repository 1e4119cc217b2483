using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.OpenApi;
using RealtimeHub.Ingress.Http.Reference;
using RealtimeHub.Presence;

namespace RealtimeHub.Ingress.Http;

/// <summary>Which page of a list is asked for: <c>?cursor=…&amp;limit=…</c>.</summary>
/// <param name="Cursor">Where it begins; null for the first.</param>
/// <param name="Limit">How many it may have.</param>
internal readonly record struct PageQuery(string? Cursor, int Limit)
{
    private const int DefaultLimit = 100;

    /// <summary>Both, for the reference.</summary>
    public static IReadOnlyList<ApiParameter> Parameters { get; } =
    [
        new("cursor", "`next` of the page before. Without it: the first page.", new OpenApiSchema { Type = JsonSchemaType.String }),
        new("limit", "How many users the page may have.", new OpenApiSchema
        {
            Type = JsonSchemaType.Integer, Minimum = "1", Maximum = $"{IConnections.MaxUsers}", Default = DefaultLimit,
        }),
    ];

    /// <summary>Reads it, or says what is wrong.</summary>
    public static bool TryRead(HttpRequest request, out PageQuery page, [NotNullWhen(false)] out string? mistake)
    {
        var (cursor, limit) = (request.Query["cursor"], request.Query["limit"]);
        page = new PageQuery(cursor is [{ Length: > 0 } text] ? text : null, DefaultLimit);
        mistake = cursor.Count > 1 || limit.Count > 1 ? "cursor and limit may stand in the query once each."
            : limit is [] || TryReadLimit(limit.ToString(), ref page) ? null
            : $"limit must be a whole number from 1 to {IConnections.MaxUsers}.";
        return mistake is null;
    }

    private static bool TryReadLimit(string text, ref PageQuery page)
    {
        var isLimit = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit is >= 1 and <= IConnections.MaxUsers;
        page = page with { Limit = limit };
        return isLimit;
    }
}
