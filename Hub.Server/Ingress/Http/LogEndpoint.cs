using System.Globalization;
using Microsoft.OpenApi;
using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Ingress.Http.Reference;
using RealtimeHub.Insight.Messages;
using RealtimeHub.Operations;
using RealtimeHub.Routing;

namespace RealtimeHub.Ingress.Http;

/// <summary>What was published to an address of late: <c>GET /api/log?address=group:room1&amp;limit=50</c>.</summary>
internal static class LogEndpoint
{
    private const int DefaultLimit = 50;
    private const int MostMessages = 200;

    private const string AddressRule = "address must be user:NAME, group:NAME or everyone: what was published there is shown.";

    private static readonly string LimitRule = FormattableString.Invariant($"limit must be a whole number from 1 to {MostMessages}.");

    private static ApiOperation Show { get; } = new()
    {
        Name = "showLog",
        Tag = "Messages",
        Summary = "Show what was published to an address of late",
        Description = "The newest messages of its log, the last first, without their payloads, and how many were published in the last minute and in the last fifteen, as far as the log shows. Transient messages are in no log.",
        Scope = ApiScope.Read,
        Query =
        [
            new("address", "user:NAME, group:NAME or everyone.", new OpenApiSchema { Type = JsonSchemaType.String }),
            new("limit", "How many messages.", new OpenApiSchema
            {
                Type = JsonSchemaType.Integer, Minimum = "1", Maximum = $"{MostMessages}", Default = DefaultLimit,
            }),
        ],
        Status = StatusCodes.Status200OK,
        Answer = """
            {"address":"group:room1","lastMinute":1,"lastFifteenMinutes":1,"messages":[{"id":"1790000000000041-12","type":"room.renamed",
            "time":"2026-11-29T16:20:22.512+00:00","publisher":"api/shop","bytes":121,"ttlSeconds":3600}]}
            """,
        Refusals = [ApiRefusals.QueryInvalid(AddressRule), Refusal.StoreUnavailable],
    };

    public static void MapLog(this IEndpointRouteBuilder api) => api.At("/log").Get(ShowAsync).Describe<AddressLog>(Show);

    private static Task<IResult> ShowAsync(HttpRequest request, IMessageRouter router) => NodesAsked.TryAsync(async () =>
        request.Query["address"] is not [var text] || !Address.TryParse(text, out var address) ? ApiRefusals.QueryInvalid(AddressRule)
        : !TryReadLimit(request, out var limit) ? ApiRefusals.QueryInvalid(LimitRule)
        : TypedResults.Json(AddressLog.Of(address, await router.TailAsync(address, limit)), ApiJson.Default.AddressLog));

    private static bool TryReadLimit(HttpRequest request, out int limit)
    {
        var said = request.Query["limit"];
        limit = DefaultLimit;
        return said.Count == 0
            || (said.Count == 1 && int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
                && limit is >= 1 and <= MostMessages);
    }
}
