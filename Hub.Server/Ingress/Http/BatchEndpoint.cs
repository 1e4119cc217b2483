using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Ingress.Http.Reference;
using RealtimeHub.Publishing;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Ingress.Http;

/// <summary><c>POST /api/messages</c>: many messages in one request, each with its address.</summary>
internal static class BatchEndpoint
{
    /// <summary>The most bytes of a body: 4 MB.</summary>
    public const int LargestBody = 4 * 1024 * 1024;

    public static void MapBatch(this IEndpointRouteBuilder api) => api.At("/messages").Post(PublishAsync)
        .Describe<BatchRequest, BatchAnswer>(new()
        {
            Name = "publishBatch",
            Tag = "Messages",
            Scope = ApiScope.Publish,
            Summary = "Publish up to 1,000 messages, each to its address",
            Description = "Each is published or refused by itself, those of one address in the order given. 503 says that not one was published for certain. "
                + "Those with an idempotencyKey may be sent again as they are, the whole batch as well. A body may have 4 MB at the most.",
            Status = StatusCodes.Status200OK,
            Request = """{"messages":[{"address":"user:alice","type":"order.shipped","payload":{"id":7},"idempotencyKey":"shipped 7"},{"address":"alice","type":"order.shipped"}]}""",
            Answer = """{"failed":1,"results":[{"id":"1790000000000002-7"},{"code":"message_invalid","detail":"At $.address: must be user:NAME, group:NAME or everyone"}]}""",
            Refusals = [ApiRefusals.BodyInvalid("At $.messages: must be an array of 1 to 1000 messages"), ApiRefusals.BodyTooLarge(LargestBody), ApiRefusals.StoreUnavailable,
                ApiRefusals.RateLimited(seconds: 1)],
        });

    private static async Task<IResult> PublishAsync(HttpContext context, Publisher publisher, MessageRate rate)
    {
        var body = await JsonBody.ReadAsync(context.Request, ApiJson.Default.BatchRequest, LargestBody);
        if (!body.IsSuccess)
        {
            return body.Reason;
        }

        var messages = body.Value.Messages;
        if (rate.Take(context.User, messages.Count) is { } refusal)
        {
            return refusal;
        }

        var results = await ResultsAsync(messages, ApiKeyDefaults.BackendOf(context.User), publisher);
        return results.FirstOrDefault(result => result.Code == ApiRefusals.StoreUnavailable.Code) is { } away
            && results.All(result => result.Id is null)
            ? ApiRefusals.StoreUnavailable with { Detail = away.Detail! }
            : TypedResults.Json(new BatchAnswer(results.Count(result => result.Id is null), results), ApiJson.Default.BatchAnswer);
    }

    private static async Task<BatchResult[]> ResultsAsync(IReadOnlyList<BatchItem> items, string backend, Publisher publisher)
    {
        Envelope[] envelopes = [.. items.Where(item => item.Mistake is null)
            .Select(item => publisher.Encode(item.Publication.From(backend)))];
        var published = new Queue<Task<string>>(publisher.PublishEach(envelopes));
        var results = new List<BatchResult>(items.Count);
        foreach (var item in items)
        {
            results.Add(item.Mistake is { } mistake ? BatchResult.Invalid(mistake) : await ResultOfAsync(published.Dequeue()));
        }

        return [.. results];
    }

    private static async Task<BatchResult> ResultOfAsync(Task<string> published)
    {
        try
        {
            return BatchResult.Published(await published);
        }
        catch (IdempotencyConflictException)
        {
            return BatchResult.IdempotencyConflict;
        }
        catch (StoreUnavailableException away)
        {
            return BatchResult.Refused(ApiRefusals.StoreUnavailableBecause(away.Fault.Summary));
        }
    }
}
